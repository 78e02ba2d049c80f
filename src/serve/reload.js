// Keeps a page of the preview up to date. What the server sent is compared with what it sends
// now, and only what differs is changed in the page: its scroll position, its open cards and
// whatever other scripts made of it stay. Where that cannot be right (other scripts, other
// headings), the page is loaded again, and comes back to its place.
//
// One tab listens to the server and tells the others: browsers allow six connections to a host,
// and people open more tabs than that.
(function () {
  "use strict";
  var own = document.currentScript;
  var state = own.getAttribute("data-state");
  var page = own.getAttribute("data-page");
  var latest = null;
  var channel = "BroadcastChannel" in window ? new BroadcastChannel("postil-preview") : null;

  // ---- What may be remembered in this tab.

  function remember(key, value) {
    try {
      if (value === null) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify(value));
    } catch (error) { /* storage is switched off */ }
  }

  function recall(key) {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch (error) { return null; }
  }

  // ---- The page as it was sent, and which of its nodes is which in the page.

  var alive = new WeakMap();
  var sent = document.documentElement.cloneNode(true);
  match(sent, document.documentElement);
  strip(sent);

  // Two trees that are the same: every node of the first stands for one of the second.
  function match(copy, node) {
    alive.set(copy, node);
    for (var a = copy.firstChild, b = node.firstChild; a && b; a = a.nextSibling, b = b.nextSibling) match(a, b);
  }

  // Takes out what the preview joined; returns its messages and its script.
  function strip(tree) {
    var joined = { messages: tree.querySelector("postil-preview"), script: tree.querySelector("script[data-state]") };
    if (joined.messages) joined.messages.remove();
    if (joined.script) joined.script.remove();
    return joined;
  }

  // ---- Changing what differs.

  function patch(old, next) {
    var node = alive.get(old);
    if (node) alive.set(next, node);
    if (old.nodeType !== 1) {
      if (node && old.data !== next.data) node.data = next.data;
      return;
    }
    if (isSheet(old) && old.getAttribute("href") !== next.getAttribute("href")) return sheet(node, next);
    if (node && old !== sent) attributes(node, old, next);
    children(node, old, next);
  }

  function attributes(node, old, next) {
    [].forEach.call(old.attributes, function (one) {
      if (!next.hasAttribute(one.name)) node.removeAttribute(one.name);
    });
    [].forEach.call(next.attributes, function (one) {
      if (old.getAttribute(one.name) !== one.value) node.setAttribute(one.name, one.value);
    });
  }

  function children(node, old, next) {
    var a = [].slice.call(old.childNodes), b = [].slice.call(next.childNodes), end = null;
    while (a.length && b.length && a[0].isEqualNode(b[0])) adopt(a.shift(), b.shift());
    while (a.length && b.length && a[a.length - 1].isEqualNode(b[b.length - 1])) {
      var tail = b.pop();
      adopt(a.pop(), tail);
      end = alive.get(tail) || end;
    }
    var partners = pairs(a, b);
    a.forEach(function (one) {
      if (partners.indexOf(one) < 0 && alive.get(one)) alive.get(one).remove();
    });
    // From the last to the first, so that each has its successor in place.
    var last = Infinity;
    for (var i = b.length - 1; i >= 0; i--) {
      var partner = partners[i];
      if (partner) {
        patch(partner, b[i]);
        var at = a.indexOf(partner);
        if (at > last && node && alive.get(b[i])) node.insertBefore(alive.get(b[i]), successor(node, end));
        last = Math.min(last, at);
      } else if (node) {
        var fresh = document.importNode(b[i], true);
        match(b[i], fresh);
        node.insertBefore(fresh, successor(node, end));
      }
      end = alive.get(b[i]) || end;
    }
  }

  // Another script may have moved it away.
  function successor(node, end) {
    return end && end.parentNode === node ? end : null;
  }

  // Which old node each new one continues: that with its id, else the next of its kind whose id
  // is gone.
  function pairs(a, b) {
    var ids = {}, kept = {}, free = [];
    a.forEach(function (one) { if (one.id) ids[one.id] = one; });
    b.forEach(function (one) { if (one.id && ids[one.id]) kept[one.id] = true; });
    a.forEach(function (one) { if (!one.id || !kept[one.id]) free.push(one); });
    return b.map(function (one) {
      if (one.id && ids[one.id]) return ids[one.id].nodeName === one.nodeName ? ids[one.id] : null;
      for (var i = 0; i < free.length; i++) {
        if (free[i].nodeName === one.nodeName) return free.splice(0, i + 1)[i];
      }
      return null;
    });
  }

  // Two equal trees, of which the new one takes the old one's place.
  function adopt(old, next) {
    if (alive.get(old)) alive.set(next, alive.get(old));
    for (var a = old.firstChild, b = next.firstChild; a && b; a = a.nextSibling, b = b.nextSibling) adopt(a, b);
  }

  function isSheet(node) {
    return node.nodeName === "LINK" && /\bstylesheet\b/i.test(node.getAttribute("rel") || "");
  }

  // A new style sheet takes over when it is there: until then the old one holds.
  function sheet(node, next) {
    if (!node) return;
    var fresh = document.importNode(next, true);
    alive.set(next, fresh);
    var done = function () { node.remove(); };
    fresh.addEventListener("load", done);
    fresh.addEventListener("error", done);
    node.after(fresh);
  }

  // ---- What lies over the page.

  function messages(next) {
    var old = document.querySelector("postil-preview");
    var open = {};
    if (old && old.shadowRoot) {
      old.shadowRoot.querySelectorAll("details").forEach(function (one) { open[one.className] = one.open; });
    }
    var template = next && next.querySelector("template");
    if (!template) return;
    var html = template.innerHTML;
    if (old && old.postilHtml === html) return;
    var host = document.createElement("postil-preview");
    host.postilHtml = html;
    host.attachShadow({ mode: "open" }).append(document.importNode(template.content, true));
    host.shadowRoot.querySelectorAll("details.marks").forEach(function (one) { one.open = !!open.marks; });
    if (old) old.replaceWith(host);
    else document.body.append(host);
    follower();
  }

  // ---- Following what is written.

  function follower() {
    var host = document.querySelector("postil-preview");
    var button = host && host.shadowRoot && host.shadowRoot.querySelector(".follow");
    if (!button) return;
    var show = function () { button.setAttribute("aria-pressed", String(!!recall("postil-follow"))); };
    button.hidden = false;
    button.addEventListener("click", function () {
      remember("postil-follow", !recall("postil-follow"));
      show();
    });
    show();
  }

  // Goes to the change, on whichever page it is.
  function follow(at) {
    if (!at || !recall("postil-follow")) return;
    if (at.page === page) return point(at.ids);
    remember("postil-at", at);
    location.href = "/" + at.page.split("/").map(encodeURIComponent).join("/");
  }

  function point(ids) {
    var found = null;
    for (var i = 0; i < ids.length && !found; i++) found = document.getElementById(ids[i]);
    if (!found) return;
    var box = found.getBoundingClientRect();
    var place = box.height < innerHeight * 0.8 ? "center" : "start";
    found.scrollIntoView({ block: place, behavior: "instant" });
    if (found.animate) {
      found.animate([{ backgroundColor: "rgb(255 196 0 / .35)" }, { backgroundColor: "transparent" }], 1600);
    }
  }

  // ---- The open card, which is a copy of a definition.

  function opened() {
    var copy = "showPopover" in HTMLElement.prototype && document.querySelector(".card:popover-open dl > div");
    var from = copy && [].find.call(document.querySelectorAll("[role=doc-glossary] dl > div"), function (one) {
      return one.innerHTML === copy.innerHTML;
    });
    return from && { id: from.id, copy: copy };
  }

  // Shows in it what its definition says now; one that is gone closes it.
  function again(card) {
    var now = document.getElementById(card.id);
    if (now) card.copy.innerHTML = now.innerHTML;
    else document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  }

  // ---- The place in the page.

  // The first thing with a name that can be seen, and where it is.
  function view() {
    var all = document.querySelectorAll("main [id]");
    for (var i = 0; scrollY > 0 && i < all.length; i++) {
      var box = all[i].getBoundingClientRect();
      if (box.bottom > 0 && box.height > 0 && box.height < 3 * innerHeight) {
        return { node: all[i], id: all[i].id, top: box.top, y: scrollY };
      }
    }
    return { y: scrollY };
  }

  function look(view) {
    var node = view.node && view.node.isConnected ? view.node : view.id && document.getElementById(view.id);
    var top = node ? scrollY + node.getBoundingClientRect().top - view.top : view.y;
    if (Math.abs(top - scrollY) > 1) window.scrollTo({ top: top, behavior: "instant" });
  }

  function place(path) {
    return "postil-view " + path;
  }

  // Loads the page again; from another address, where its file has another name by now.
  function reload(address) {
    var now = view();
    var path = address ? new URL(address).pathname : location.pathname;
    remember(place(path), { id: now.id, top: now.top, y: now.y });
    // The browser would scroll to where the page was, and not to where its words are now.
    history.scrollRestoration = "manual";
    if (address) location.replace(address + location.hash);
    else location.reload();
  }

  function restore() {
    var at = recall("postil-at");
    if (at && at.page === page) {
      remember("postil-at", null);
      return point(at.ids);
    }
    var before = recall(place(location.pathname));
    remember(place(location.pathname), null);
    if (before) settle(before);
    setTimeout(function () { history.scrollRestoration = "auto"; }, 300);
  }

  // Looks there, and once more: a browser that is busy may go by what it had kept of the page
  // before it was told not to, and put it back after this. Not where the reader goes on by then.
  function settle(view) {
    var moved = false;
    look(view);
    ["wheel", "touchmove", "keydown", "pointerdown"].forEach(function (kind) {
      window.addEventListener(kind, function () { moved = true; }, { once: true, passive: true });
    });
    setTimeout(function () { if (!moved) look(view); }, 250);
  }

  // ---- News.

  var busy = false, wanted = null;

  function learn(news) {
    if (news.state === state) return follow(news.at); // its page was quicker than the news
    wanted = news;
    if (!busy) update();
  }

  function update() {
    var news = wanted;
    wanted = null;
    busy = true;
    fetch(location.pathname + location.search, { cache: "no-store" }).then(function (answer) {
      return answer.text().then(function (text) { return { text: text, moved: answer.redirected && answer.url }; });
    }).then(function (got) {
      var at = recall("postil-follow") ? news.at : null;
      if (got.moved) return reload(got.moved);
      if (replace(got.text) || (at && at.page !== page)) return follow(at);
      if (at) remember("postil-at", at);
      reload();
    }, function () {
      // A server that is gone tells when it is back; one that is there had no time.
      setTimeout(ask, 1000);
    }).catch(function () { reload(); }).then(function () {
      busy = false;
      var next = wanted;
      wanted = null;
      if (next) learn(next);
    });
  }

  function list(tree, what) {
    return [].map.call(tree.querySelectorAll(what), function (one) { return one.id || one.outerHTML; }).join("\n");
  }

  // Whether a script has loaded more of the site than the page names, as searching does: what it
  // keeps of that is as old as the page.
  function holds() {
    var named = [].map.call(document.querySelectorAll("script[src]"), function (one) { return one.src; });
    return performance.getEntriesByType("resource").some(function (one) {
      var ours = one.name.indexOf(location.origin + "/") === 0;
      return one.initiatorType === "script" && ours && named.indexOf(one.name) < 0;
    });
  }

  // False where the page has to be loaded again.
  function replace(text) {
    var next = new DOMParser().parseFromString(text, "text/html").documentElement;
    var joined = strip(next);
    var same = function (what) { return list(sent, what) === list(next, what); };
    var fits = joined.script && same("script:not([type]), script[type*=javascript], style, base");
    // Other scripts know headings by their ids.
    if (!fits || holds() || !same("h1[id], h2[id], h3[id], h4[id], h5[id], h6[id], .sec[id]")) return false;
    var before = view();
    var card = opened();
    // The page's place is ours to keep while this is done, not the browser's to guess.
    document.documentElement.style.overflowAnchor = "none";
    patch(sent, next);
    sent = next;
    state = joined.script.getAttribute("data-state");
    messages(joined.messages);
    if (card) again(card);
    look(before);
    requestAnimationFrame(function () { document.documentElement.style.overflowAnchor = ""; });
    return true;
  }

  // A tab that was asleep, or that the server lost, asks by itself.
  function ask() {
    fetch("/_postil/state", { cache: "no-store" }).then(function (answer) { return answer.text(); })
      .then(function (text) { learn({ state: text.trim() }); }).catch(function () { /* it is gone */ });
  }

  var source = null;

  function listen() {
    source = new EventSource("/_postil/events");
    source.addEventListener("state", function (event) {
      latest = JSON.parse(event.data);
      if (channel) channel.postMessage(latest);
      learn(latest);
    });
    source.addEventListener("error", function () {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
    });
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
  window.addEventListener("pagehide", function () { if (source) source.close(); });
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    if (source) listen();
    ask();
  });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) ask(); });
  window.addEventListener("online", ask);

  follower();
  // Once as early as can be, so that nothing is seen to jump, and once when pictures are there.
  var before = recall(place(location.pathname)), at = recall("postil-at");
  if (before && !at) look(before);
  if (document.readyState === "complete") restore();
  else window.addEventListener("load", restore);
})();
