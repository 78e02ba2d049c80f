// Comforts on top of pages that work without it: a switch for the colour scheme, permalinks
// that copy themselves, the outline's present place, a card that Escape closes. A classic
// script: modules do not run from a disk.
(function () {
  'use strict'
  var root = document.documentElement
  var words = document.currentScript.dataset

  // Colour scheme: as the system says, light, dark.
  var header = document.querySelector('.site')
  if (header) {
    var schemes = ['', 'light', 'dark']
    var button = document.createElement('button')
    button.type = 'button'
    var show = function () {
      var now = root.dataset.theme || ''
      button.textContent = words[now || 'system'] || now
      button.dataset.scheme = now || 'system'
      button.title = words.scheme
    }
    button.addEventListener('click', function () {
      var next = schemes[(schemes.indexOf(root.dataset.theme || '') + 1) % 3]
      root.dataset.theme = next
      try {
        if (next) localStorage.setItem('postil-scheme', next)
        else localStorage.removeItem('postil-scheme')
      } catch (e) { /* storage is off: for this page only */ }
      show()
    })
    show()
    header.appendChild(button)
  }

  // Permalinks: a click also copies the address, and says so where screen readers hear it.
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a.pl')
    if (!link || !navigator.clipboard || event.metaKey || event.ctrlKey || event.shiftKey) return
    navigator.clipboard.writeText(link.href).then(function () {
      var said = document.createElement('span')
      said.className = 'said'
      said.setAttribute('role', 'status')
      link.after(said)
      said.textContent = words.copied
      setTimeout(function () { said.remove() }, 1600)
    }, function () { /* not allowed: the address bar has it */ })
  })

  // A definition's card: Escape closes it, and focus goes back to the word.
  var opener = null
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a[href^="#g-"]')
    if (link) opener = link
    else if (event.target.closest && event.target.closest('a.x') && opener) setTimeout(back)
  })
  function back() {
    if (opener && opener.isConnected) opener.focus({ preventScroll: true })
    opener = null
  }
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape' || location.hash.indexOf('#g-') !== 0) return
    if (!document.querySelector('[role=doc-glossary] div:target')) return
    location.replace('#-')
    back()
  })

  // The outline shows where the reader is.
  var outline = document.querySelector('.toc ol')
  var heads = [].slice.call(document.querySelectorAll('.sec[id]'))
  if (outline && heads.length) {
    var entries = {}
    ;[].forEach.call(outline.querySelectorAll('a'), function (link) {
      entries[decodeURIComponent(link.hash.slice(1))] = link
    })
    var here = null
    var waiting = false
    var mark = function () {
      waiting = false
      var now = null
      for (var i = 0; i < heads.length && heads[i].getBoundingClientRect().top < 120; i++) now = entries[heads[i].id] || now
      if (now === here) return
      if (here) { here.classList.remove('here'); here.removeAttribute('aria-current') }
      if (now) { now.classList.add('here'); now.setAttribute('aria-current', 'location') }
      here = now
    }
    addEventListener('scroll', function () {
      if (!waiting) { waiting = true; requestAnimationFrame(mark) }
    }, { passive: true })
    mark()
    // Browsers without ::details-content show an open outline beside the text only so.
    var details = outline.closest('.has-toc details')
    if (details && matchMedia('(min-width: 75rem)').matches) details.open = true
  }
})()
