// Keeps a page of the preview up to date. One tab listens to the server and tells the others:
// browsers allow six connections to a host, and people open more tabs than that.
(function () {
  "use strict";
  var state = document.currentScript.getAttribute("data-state");
  var latest = null;
  var channel = "BroadcastChannel" in window ? new BroadcastChannel("postil-preview") : null;
  var place = "postil-scroll " + location.pathname;

  function reload() {
    try {
      sessionStorage.setItem(place, String(window.scrollY));
    } catch (error) { /* storage is switched off: the browser's own memory must do */ }
    location.reload();
  }

  function restore() {
    var y;
    try {
      y = sessionStorage.getItem(place);
      sessionStorage.removeItem(place);
    } catch (error) { return; }
    if (y !== null) window.scrollTo(0, Number(y));
  }

  function swap(pairs) {
    pairs.forEach(function (pair) {
      document.querySelectorAll('link[rel="stylesheet"]').forEach(function (link) {
        var path = decodeURI(new URL(link.href).pathname);
        if (!path.endsWith("/" + pair[0])) return;
        var next = link.cloneNode();
        next.href = encodeURI("/" + pair[1]);
        next.addEventListener("load", function () { link.remove(); });
        link.after(next);
      });
    });
  }

  function learn(news) {
    if (news.state === state) return;
    if (news.from === state && news.swap && news.swap.length) {
      swap(news.swap);
      state = news.state;
    } else {
      state = news.state;
      reload();
    }
  }

  function listen() {
    var source = new EventSource("/_postil/events");
    source.addEventListener("state", function (event) {
      latest = JSON.parse(event.data);
      if (channel) channel.postMessage(latest);
      learn(latest);
    });
    window.addEventListener("pagehide", function () { source.close(); });
  }

  if (channel) {
    channel.addEventListener("message", function (event) {
      if (event.data.state) learn(event.data);
      else if (latest) channel.postMessage({ state: latest.state });
    });
    channel.postMessage({});
  }
  if (channel && navigator.locks) {
    navigator.locks.request("postil-preview", function () {
      listen();
      return new Promise(function () {});
    });
  } else {
    listen();
  }
  if (document.readyState === "complete") restore();
  else window.addEventListener("load", restore);
})();
