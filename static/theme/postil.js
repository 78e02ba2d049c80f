// Comforts on top of pages that work without it: a card for each term's definition, switches
// for terms and colours, permalinks that copy themselves, the outline's present place. A
// classic script: modules do not run from a disk.
(function () {
  'use strict'
  var root = document.documentElement
  var words = document.currentScript.dataset
  var TERM = 'a[href^="#g-"]'

  /** What a click or a movement is on, by selector. */
  function on(event, selector) {
    return event.target.closest && event.target.closest(selector)
  }

  /** The element that a fragment with its `#` names. */
  function named(fragment) {
    try { return document.getElementById(decodeURIComponent(fragment.slice(1))) } catch (e) { return null }
  }

  /**
   * A button in the header that goes through values, the first of which is none. The value is
   * kept, and stands on the root element for the stylesheet. `words` has the button's title
   * and a label for each value.
   */
  function choice(key, values, changed) {
    var labels = words[key].split('|')
    var button = document.createElement('button')
    var now = function () { return Math.max(0, values.indexOf(root.dataset[key])) }
    var show = function () {
      button.textContent = labels[now() + 1]
      button.dataset[key] = values[now()]
      if (changed) changed()
    }
    button.type = 'button'
    button.title = labels[0]
    button.addEventListener('click', function () {
      var next = root.dataset[key] = values[(now() + 1) % values.length]
      try {
        if (next) localStorage.setItem('postil-' + key, next)
        else localStorage.removeItem('postil-' + key)
      } catch (e) { /* storage is off: for this page only */ }
      show()
    })
    show()
    header.appendChild(button)
  }

  // Which mentions are links to their definition: those that the page shows, all, or none. In
  // a turn that was reached by a link, all but for readers who want none.
  var mentions = document.querySelectorAll(':is(.turn, .prose) :is(' + TERM + ', a.q)')
  function mark() {
    var reached = location.hash && named(location.hash)
    reached = reached && reached.closest('.turn, .prose')
    mentions.forEach(function (mention) {
      var id = mention.dataset.g = mention.dataset.g || mention.getAttribute('href').slice(3)
      var wanted = !mention.matches('.q') || root.dataset.terms === 'all' || (reached && reached.contains(mention))
      if (wanted && root.dataset.terms !== 'none' && named('#g-' + id)) mention.setAttribute('href', '#g-' + id)
      else mention.removeAttribute('href')
    })
  }

  var header = document.querySelector('.site')
  if (mentions.length) {
    choice('terms', ['', 'all', 'none'], mark)
    addEventListener('hashchange', mark)
  }
  choice('scheme', ['', 'light', 'dark'])

  // One card for all definitions. It opens when the pointer rests on a word and closes when it
  // has left both; a click pins it. Where browsers know no popover, the link leads to the
  // definition, which the stylesheet then shows as a card.
  function card() {
    var card = document.createElement('div')
    var opener = null
    var pinned = false
    var timer = 0
    var watcher = null
    card.className = 'card'
    card.popover = 'manual'
    card.tabIndex = -1
    card.setAttribute('role', 'dialog')
    document.querySelector('main').appendChild(card)

    function fill(link) {
      var copy = named(link.hash).cloneNode(true)
      var list = document.createElement('dl')
      copy.removeAttribute('id')
      list.appendChild(copy)
      card.replaceChildren(list)
      card.scrollTop = 0
      card.setAttribute('aria-label', copy.querySelector('dfn').textContent)
    }

    function open(link) {
      if (link === opener) return
      close()
      fill(link)
      opener = link
      opener.setAttribute('aria-expanded', 'true')
      card.showPopover()
      // For browsers without anchors; the stylesheet puts the card there.
      var at = link.getBoundingClientRect()
      var above = at.bottom + card.offsetHeight + 8 > innerHeight && at.top > card.offsetHeight
      var top = above ? at.top - card.offsetHeight - 6 : at.bottom + 6
      var left = Math.max(0, Math.min(at.left, root.clientWidth - card.offsetWidth - 16))
      card.style.setProperty('--x', left + scrollX + 'px')
      card.style.setProperty('--y', top + scrollY + 'px')
    }

    function pin() {
      clearTimeout(timer)
      // The way back of a phone closes the card, not the page.
      if (!pinned && window.CloseWatcher) {
        watcher = new CloseWatcher()
        watcher.onclose = close
      }
      pinned = true
    }

    function close() {
      clearTimeout(timer)
      if (!opener) return
      var back = card.contains(document.activeElement) && opener
      opener.removeAttribute('aria-expanded')
      if (watcher) watcher.destroy()
      opener = watcher = null
      pinned = false
      card.hidePopover()
      if (back) back.focus({ preventScroll: true })
    }

    document.addEventListener('click', function (event) {
      var link = on(event, TERM)
      if (event.metaKey || event.ctrlKey || event.shiftKey) return
      if (link && named(link.hash)) {
        event.preventDefault()
        if (link === opener && pinned) return close()
        if (card.contains(link)) fill(link)
        else open(link)
        pin()
        card.focus({ preventScroll: true })
      } else if (!on(event, '.card')) close()
      else if (on(event, '.x')) {
        event.preventDefault()
        close()
      }
    })
    card.addEventListener('pointerdown', pin)
    document.addEventListener('pointerover', function (event) {
      if (pinned || event.pointerType === 'touch') return
      clearTimeout(timer)
      var inside = on(event, '.card')
      var link = !inside && on(event, TERM)
      if (link && link !== opener && named(link.hash)) timer = setTimeout(open, 300, link)
      else if (!link && !inside) timer = setTimeout(close, 300)
    })
    document.addEventListener('keydown', function (event) {
      if (event.key === 'Escape') close()
      // The card stands behind its word in the order of focus.
      if (event.key !== 'Tab' || !card.contains(document.activeElement)) return
      var links = card.querySelectorAll('a')
      var back = event.shiftKey
      if (document.activeElement === links[back ? 0 : links.length - 1] || (back && document.activeElement === card)) {
        if (back) event.preventDefault()
        close()
      }
    })
  }
  if (HTMLElement.prototype.showPopover && document.querySelector('[role=doc-glossary]')) card()

  // A definition that is the page's target: Escape closes it too, and focus goes back.
  var came = null
  document.addEventListener('click', function (event) {
    var link = on(event, TERM)
    if (link) came = link
    else if (on(event, 'a.x')) setTimeout(back)
  })
  function back() {
    if (came && came.isConnected) came.focus({ preventScroll: true })
    came = null
  }
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape' || !document.querySelector('[role=doc-glossary] div:target')) return
    location.replace('#-')
    back()
  })

  // `/` goes to the search page, which takes the key from there.
  document.addEventListener('keydown', function (event) {
    var search = document.querySelector('link[rel=search]')
    if (event.key !== '/' || !search || document.querySelector('.finder') || event.isComposing) return
    if (event.metaKey || event.ctrlKey || event.altKey || on(event, 'input, select, textarea')) return
    event.preventDefault()
    location.href = search.href
  })

  // Permalinks: a click also copies the address, and says so where screen readers hear it.
  document.addEventListener('click', function (event) {
    var link = on(event, 'a.pl')
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

  // A time plays the page's own recording from there.
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a.at')
    var to = link ? link.href.split('#t=') : []
    ;[].forEach.call(document.querySelectorAll('.player'), function (player) {
      if (player.src !== to[0] || event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      player.classList.add('on')
      player.currentTime = +to[1]
      // What cannot be played says so in the player itself.
      Promise.resolve(player.play()).catch(function () {})
    })
  })

  // The outline shows where the reader is.
  var outline = document.querySelector('.toc ol')
  var heads = []
  if (outline) {
    var entries = {}
    ;[].forEach.call(outline.querySelectorAll('a'), function (link) {
      var head = document.getElementById(decodeURIComponent(link.hash.slice(1)))
      if (!head || entries[head.id]) return
      heads.push(head)
      entries[head.id] = link
    })
    var here = null
    var waiting = false
    var place = function () {
      waiting = false
      var now = null
      for (var i = 0; i < heads.length && heads[i].getBoundingClientRect().top < 120; i++) now = entries[heads[i].id] || now
      if (now === here) return
      if (here) { here.classList.remove('here'); here.removeAttribute('aria-current') }
      if (now) { now.classList.add('here'); now.setAttribute('aria-current', 'location') }
      here = now
    }
    addEventListener('scroll', function () {
      if (!waiting) { waiting = true; requestAnimationFrame(place) }
    }, { passive: true })
    place()
    // Browsers without ::details-content show an open outline beside the text only so.
    var details = outline.closest('.has-toc details')
    if (details && matchMedia('(min-width: 75rem)').matches) details.open = true
  }
})()
