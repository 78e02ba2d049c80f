// Quoting: words that are selected in a transcript can be copied with who says them and where,
// or as a link to just these words; citations can be copied. A classic script.
(function () {
  'use strict'
  var words = document.currentScript.dataset
  var BLOCK = ':is(.turn, .prose) [id^=p-]'
  var CLAUSE = /[.!?…,;:]+["'”’)\]]*\s+|[，。；：！？、…—]+[”’」』）》]*|\n+/g

  function button(label, act) {
    var made = document.createElement('button')
    made.type = 'button'
    made.textContent = label
    made.addEventListener('click', function () {
      navigator.clipboard.writeText(act()).then(function () {
        made.textContent = words.copied
        setTimeout(function () { made.textContent = label }, 1600)
      }, function () { /* not allowed: the words can be selected */ })
    })
    return made
  }

  if (!navigator.clipboard) return
  document.querySelectorAll('.cite').forEach(function (cite) {
    cite.after(button(words.copy, function () { return cite.textContent }))
  })

  /** Where clauses of a text begin, and its end. */
  function clauses(text) {
    var cuts = [0]
    text.replace(CLAUSE, function (end, at) { cuts.push(at + end.length) })
    return cuts.concat(text.length)
  }

  /** How far into a block's text a point of a range lies; 0 before it, its length behind it. */
  function offset(block, node, at) {
    var range = document.createRange()
    range.selectNodeContents(block)
    if (range.comparePoint(node, at) < 0) return 0
    if (range.comparePoint(node, at) > 0) return block.textContent.length
    range.setEnd(node, at)
    return range.toString().length
  }

  /** The nearest end of a word, by steps of 1 or -1, of a place within one. */
  function snapped(text, at, step) {
    while (/^[\w\u00c0-\u024f]{2}$/.test(text.slice(at - 1, at + 1))) at += step
    return at
  }

  function folded(text) { return text.replace(/\s+/g, ' ').trim() }

  /** The blocks that a range touches, each with its selected text, in whole words. */
  function parts(range) {
    return [].filter.call(document.querySelectorAll(BLOCK), function (block) {
      return range.intersectsNode(block)
    }).map(function (block) {
      var text = block.textContent
      var from = snapped(text, offset(block, range.startContainer, range.startOffset), -1)
      var to = snapped(text, offset(block, range.endContainer, range.endOffset), 1)
      return { block: block, text: text, from: from, to: to, said: folded(text.slice(from, to)) }
    }).filter(function (part) { return part.said })
  }

  /**
   * The link to some parts: their clauses as a text fragment, if they stand only here, with the
   * block for browsers that know none.
   */
  function link(parts) {
    var first = parts[0], last = parts[parts.length - 1]
    var link = location.href.split('#')[0] + '#' + encodeURIComponent(first.block.id)
    var page = folded(document.body.innerText).toLowerCase()
    var encode = function (text) { return encodeURIComponent(text).replace(/-/g, '%2D') }
    var begins = clauses(first.text), ends = clauses(last.text)
    var lead = first.text.slice(first.from).search(/\S/)
    var start = begins.filter(function (cut) { return cut <= first.from + lead }).pop()
    var end = ends.filter(function (cut) { return cut >= last.to })[0]
    var limit = first === last ? end : first.text.length
    for (var i = begins.indexOf(start) + 1; i < begins.length && begins[i] <= limit; i++) {
      var text = folded(first.text.slice(start, begins[i]))
      if (!text || page.split(text.toLowerCase()).length !== 2) continue
      link += ':~:text=' + encode(text)
      var tail = folded(last.text.slice(ends[ends.indexOf(end) - 1], end))
      return begins[i] < limit || first !== last ? link + ',' + encode(tail) : link
    }
    return link
  }

  /** The words with who says them, the transcript and the link. */
  function quote(parts) {
    var names = []
    parts.forEach(function (part) {
      var name = part.block.closest('.turn')
      name = part.name = name && name.querySelector('.who [data-i]') ? name.querySelector('.who [data-i]').textContent : ''
      if (name && names.indexOf(name) < 0) names.push(name)
    })
    var text = parts.map(function (part, at) {
      var before = at ? parts[at - 1].name : part.name
      return (names.length > 1 && (!at || part.name !== before) && part.name ? part.name + ': ' : '') + part.said
    }).join('\n\n')
    return '“' + text + '”\n— ' + (names.length === 1 ? names[0] + '. ' : '') +
      folded(document.querySelector('.cite').firstChild.textContent) + ' ' + link(parts)
  }

  var chosen = []
  var bar = document.createElement('p')
  bar.className = 'pick'
  bar.hidden = true
  bar.append(button(words.quote, function () { return quote(chosen) }), button(words.link, function () { return link(chosen) }))
  // A press must not take the selection away.
  bar.addEventListener('mousedown', function (event) { event.preventDefault() })
  document.querySelector('main').append(bar)

  var timer = 0
  document.addEventListener('selectionchange', function () {
    clearTimeout(timer)
    timer = setTimeout(function () {
      var selection = getSelection()
      var range = selection.rangeCount && !selection.isCollapsed && selection.getRangeAt(0)
      chosen = range && document.querySelector('article').contains(range.commonAncestorContainer) ? parts(range) : []
      bar.hidden = !chosen.length
      if (bar.hidden) return
      var all = range.getClientRects(), at = all[all.length - 1]
      bar.style.setProperty('--y', at.bottom + scrollY + 'px')
      bar.style.setProperty('--x', Math.max(8, Math.min(at.right, innerWidth - 12) - bar.offsetWidth) + scrollX + 'px')
    }, 200)
  })
})()
