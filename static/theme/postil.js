// Comforts on top of pages that work without it: a card for each term's definition, switches
// for terms, text size and colours, permalinks that copy themselves, the outline's present place,
// the way back to where one left off, steps from one turn of a speaker to the next. A classic
// script: modules do not run from a disk.
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

  /** What the address leads into, of the kind that a selector names. */
  function reached(selector) {
    var at = location.hash && named(location.hash)
    return at && at.closest(selector)
  }

  /** A button that does something. */
  function button(label, act) {
    var made = document.createElement('button')
    made.type = 'button'
    made.textContent = label
    made.addEventListener('click', act)
    return made
  }

  /**
   * A button in the header that goes through values, the first of which is none. The value is
   * kept, and stands on the root element for the stylesheet. `words` has the button's title
   * and a label for each value; `step` is how many values on the next one stands.
   */
  function choice(key, values, changed, step) {
    var labels = words[key].split('|')
    var now = function () { return Math.max(0, values.indexOf(root.dataset[key])) }
    var show = function () {
      made.textContent = labels[now() + 1]
      made.dataset[key] = values[now()]
      made.ariaLabel = labels[0] + ': ' + made.textContent
      if (changed) changed()
    }
    var made = button('', function () {
      var next = root.dataset[key] = values[(now() + (step || 1)) % values.length]
      keep('postil-' + key, next)
      show()
    })
    made.title = labels[0]
    show()
    header.appendChild(made)
  }

  /** Keeps a value, or forgets it; where storage is off, it holds for this page only. */
  function keep(name, value) {
    try {
      if (value) localStorage.setItem(name, value)
      else localStorage.removeItem(name)
    } catch (e) { /* storage is off */ }
  }

  // Which mentions are links to their definition: those that the page shows, all, or none. In
  // a turn that was reached by a link, all but for readers who want none.
  var mentions = document.querySelectorAll(':is(.turn, .prose) :is(' + TERM + ', a.q)')
  function mark() {
    var place = reached('.turn, .prose')
    mentions.forEach(function (mention) {
      var id = mention.dataset.g = mention.dataset.g || mention.getAttribute('href').slice(3)
      var wanted = !mention.matches('.q') || root.dataset.terms === 'all' || (place && place.contains(mention))
      var to = wanted && root.dataset.terms !== 'none' && named('#g-' + id) ? '#g-' + id : null
      // Of some ten thousand only those that change are touched.
      if (mention.getAttribute('href') === to) return
      if (to) mention.setAttribute('href', to)
      else mention.removeAttribute('href')
    })
  }

  var header = document.querySelector('.site')
  if (mentions.length) {
    choice('terms', ['', 'all', 'none'], mark)
    addEventListener('hashchange', mark)
  }
  // The first press changes something: from the system's colours to the others.
  choice('scheme', ['', 'light', 'dark'], null, matchMedia('(prefers-color-scheme: dark)').matches ? 1 : 2)
  choice('size', ['', 'large', 'largest'])

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
    card.role = 'dialog'
    document.querySelector('main').appendChild(card)

    function fill(link) {
      var copy = named(link.hash).cloneNode(true)
      var list = document.createElement('dl')
      copy.removeAttribute('id')
      list.appendChild(copy)
      // It may stand in the card itself, and is nowhere after that.
      card.lang = (link.closest('[lang]') || card).lang
      card.replaceChildren(list)
      card.scrollTop = 0
      card.ariaLabel = copy.querySelector('dfn').textContent
    }

    function open(link) {
      if (link === opener) return
      close()
      fill(link)
      opener = link
      opener.ariaExpanded = 'true'
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
      opener.ariaExpanded = null
      if (watcher) watcher.destroy()
      opener = watcher = null
      pinned = false
      card.hidePopover()
      if (back) back.focus({ preventScroll: true })
    }

    document.addEventListener('click', function (event) {
      // A mention that is not marked becomes a link when it is asked for.
      var quiet = on(event, 'a.q:not([href])')
      var to = quiet && '#g-' + quiet.dataset.g
      if (to && root.dataset.terms !== 'none' && named(to) && getSelection().isCollapsed) quiet.setAttribute('href', to)
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
    location.href = search.href + '#-ask'
  })

  // Permalinks: a click also copies the address, and says so where screen readers hear it.
  document.addEventListener('click', function (event) {
    var link = on(event, 'a.pl')
    if (!link || !navigator.clipboard || event.metaKey || event.ctrlKey || event.shiftKey) return
    navigator.clipboard.writeText(link.href).then(function () {
      var said = document.createElement('span')
      said.className = 'said'
      said.role = 'status'
      link.after(said)
      said.textContent = words.copied
      setTimeout(function () { said.remove() }, 1600)
    }, function () { /* not allowed: the address bar has it */ })
  })

  // A time plays the page's own recording from there.
  document.addEventListener('click', function (event) {
    var link = on(event, 'a.at')
    var to = link ? link.href.split('#t=') : []
    document.querySelectorAll('.player').forEach(function (player) {
      if (player.src !== to[0] || event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      player.classList.add('on')
      root.dataset.plays = player.localName
      player.currentTime = +to[1]
      // What cannot be played says so in the player itself.
      Promise.resolve(player.play()).catch(function () {})
    })
  })

  // The outline shows where the reader is: below the last heading that has left the window's
  // lower part.
  var outline = document.querySelector('.toc ol')
  if (outline) {
    var heads = []
    var here = null
    var watch = new IntersectionObserver(function (changes) {
      changes.forEach(function (change) { change.target.passed = change.isIntersecting })
      var now = heads.filter(function (head) { return head.passed }).pop()
      if (here) { here.classList.remove('here'); here.ariaCurrent = null }
      here = now && now.entry
      if (here) { here.classList.add('here'); here.ariaCurrent = 'location' }
    }, { rootMargin: '9999999px 0px -85%' })
    outline.querySelectorAll('a').forEach(function (link) {
      var head = named(link.hash)
      if (!head || head.entry) return
      head.entry = link
      heads.push(head)
      watch.observe(head)
    })
    // Browsers without ::details-content show an open outline beside the text only so.
    var details = outline.closest('.has-toc details')
    if (details && matchMedia('(min-width: 75rem)').matches) details.open = true
  }

  if (!words.resume) return

  // Where a reader left the transcript, and the way back there. What is in the window is looked
  // for when the page is left, so that reading costs nothing.
  var place = 'postil-at:' + location.pathname
  document.addEventListener('visibilitychange', function () {
    if (!document.hidden || scrollY < innerHeight) return
    var turn = null
    for (var y = 90; !turn && y < innerHeight; y += 40) {
      turn = document.elementFromPoint(innerWidth / 2, y)
      turn = turn && turn.closest('.turn')
    }
    // Behind the last one the transcript has been read.
    keep(place, turn && turn.id)
  })
  try { var left = named('#' + localStorage.getItem(place)) } catch (e) { /* storage is off */ }
  // A page that is loaded again, or gone back to, is taken to its place by the browser.
  var way = performance.getEntriesByType('navigation')[0]
  if (left && !location.hash && (!way || way.type === 'navigate')) {
    var bar = document.createElement('p')
    var link = document.createElement('a')
    var time = left.querySelector('.who .at')
    var said = time || left.querySelector('[id^=p-]') || left
    var done = function () { bar.remove() }
    bar.className = 'resume'
    link.href = '#' + left.id
    link.textContent = words.resume.replace('{place}', time ? time.textContent : '“' + said.textContent.slice(0, 40) + '…”')
    link.addEventListener('click', done)
    var dismiss = button('×', function () { keep(place); done() })
    dismiss.ariaLabel = words.close
    bar.append(link, dismiss)
    document.querySelector('main').prepend(bar)
    // Whoever reads on from the top has no need of it.
    addEventListener('scroll', function () { if (scrollY > innerHeight) done() }, { passive: true })
  }

  // Steps to the same speaker's turn before and after the one that the pointer or the focus is
  // in: one pair of buttons, which goes along.
  var pair = document.createElement('span')
  var own = []
  var steps = [-1, 1].map(function (by, at) {
    var made = button('↑↓'[at], function () {
      var turn = own[own.indexOf(pair.closest('.turn')) + by]
      if (!turn) return
      location.replace('#' + encodeURIComponent(turn.id))
      lead(turn)
      made.focus({ preventScroll: true })
    })
    pair.append(made)
    return made
  })
  pair.className = 'hop'
  // In another language, or beside it, the same turn; so do the links at the top, from the turn
  // that was the last.
  var others = [].slice.call(document.querySelectorAll('.also a'))
  others = others.concat(others.map(function (other) {
    return pair.appendChild(other.cloneNode(true))
  }))
  function lead(turn) {
    if (!turn || turn.contains(pair)) return
    own = [].slice.call(document.querySelectorAll('[data-speaker=' + JSON.stringify(turn.dataset.speaker) + ']'))
    if (!own[1] && !others[0]) return pair.remove()
    turn.querySelector('.who').append(pair)
    others.forEach(function (other) { other.hash = turn.id })
    steps.forEach(function (step, at) {
      var n = own.indexOf(turn) + 2 * at
      step.title = words.hop.split('|')[at]
      step.ariaLabel = step.title + ' (' + n + '/' + own.length + ')'
      step.ariaDisabled = n < 1 || n > own.length
    })
  }
  ;['pointerover', 'focusin'].forEach(function (type) {
    document.addEventListener(type, function (event) { lead(on(event, '.turn')) })
  })
  lead(reached('.turn'))
})()
