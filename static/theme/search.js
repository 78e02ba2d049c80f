// The search page: takes a question, narrows it, and shows the passages that passages.js finds.
// Classic scripts only: nothing else may be loaded from a disk.
(function () {
  'use strict'
  var page = document.querySelector('.finder')
  var passages = page && page.passages
  if (!passages) return
  var said = page.dataset
  var form = page.querySelector('form')
  var field = form.elements.q
  var list = page.querySelector('.hits')
  var state = page.querySelector('[role=status]')
  var more = page.querySelector('.more')
  var PAGE = 10
  form.hidden = false

  // Documents that a filter leaves.
  function facet(kind) {
    var files = []
    for (var n = 0; n < (passages.root().facets[kind] || 0); n++) files.push(passages.load(kind + '-' + n))
    return Promise.all(files).then(function (all) { return [].concat.apply([], all) })
  }
  function filters() {
    var sets = []
    var wanted = ['speakers', 'tags', 'publishers'].filter(function (kind) { return form.elements[kind].value })
    return Promise.all(wanted.map(function (kind) {
      var value = form.elements[kind].value
      return facet(kind).then(function (rows) {
        var row = rows.filter(function (row) { return row[0] === value })[0]
        sets.push(new Set(row ? passages.numbers(row[2]) : []))
      })
    })).then(function () {
      var year = form.elements.years.value
      passages.root().years.forEach(function (own, at) {
        if (year && own[0] === year) {
          var set = new Set()
          var to = at + 1 < passages.root().years.length ? passages.root().years[at + 1][1] : passages.root().first.length - 1
          for (var n = own[1]; n < to; n++) set.add(n)
          sets.push(set)
        }
      })
      var all = sets.length ? sets.reduce(function (a, b) { return new Set(Array.from(a).filter(function (n) { return b.has(n) })) }) : null
      return { documents: all, speaker: form.elements.speakers.value }
    })
  }
  var filled = false
  function fill() {
    if (filled) return Promise.resolve()
    filled = true
    var options = function (kind, rows) {
      var select = form.elements[kind]
      var asked = new URLSearchParams(location.search).get(kind)
      rows.forEach(function (row) { select.add(new Option(row[1], row[0], false, row[0] === asked)) })
      select.closest('label').hidden = rows.length < 2
    }
    options('years', passages.root().years.filter(function (own) { return own[0] }).map(function (own) { return [own[0], own[0]] }).reverse())
    return Promise.all(['speakers', 'tags', 'publishers'].map(function (kind) {
      return facet(kind).then(function (rows) {
        options(kind, rows.sort(function (a, b) { return a[1].localeCompare(b[1], document.documentElement.lang) }))
      })
    }))
  }

  // What is shown of a hit: its sentence, with some of the text around it.
  function excerpt(hit) {
    var from = ordered(hit)[0][0]
    var text = hit.text
    var start = from
    while (start > 0 && from - start < 60 && !/[。！？!?\n]/.test(text[start - 1]) && !/[.]\s$/.test(text.slice(start - 2, start))) start--
    var stop = Math.max(hit.marks[0][1], from)
    while (stop < text.length && stop - from < 160 && !/[。！？!?\n]/.test(text[stop - 1])) stop++
    while (start < from && /[\s」』”’）)】》]/.test(text[start])) start++
    if (/[\udc00-\udfff]/.test(text[start])) start--
    if (/[\udc00-\udfff]/.test(text[stop] || '')) stop++
    var quote = document.createElement('q')
    if (hit.document.l !== document.documentElement.lang) quote.lang = hit.document.l
    if (start > 0 && !/[。！？!?\n\s]/.test(text[start - 1])) quote.append('…')
    marked(quote, hit, start, stop)
    if (stop < text.length && !/[。！？!?\n]/.test(text[stop - 1])) quote.append('…')
    return quote
  }
  function ordered(hit) { return hit.marks.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1] }) }
  // A part of a hit's text with its marks, put into an element.
  function marked(into, hit, at, stop) {
    ordered(hit).forEach(function (mark) {
      if (mark[0] < at || mark[1] > stop) return
      into.append(hit.text.slice(at, mark[0]), element('mark', '', hit.text.slice(mark[0], mark[1])))
      at = mark[1]
    })
    into.append(hit.text.slice(at, stop))
  }
  function element(name, kind, text) {
    var made = document.createElement(name)
    if (kind) made.className = kind
    if (text) made.textContent = text
    return made
  }
  var groups = new Map()
  function show(hit) {
    var own = hit.document
    var group = groups.get(own.h)
    if (!group) {
      var item = element('li')
      var title = element('h2')
      var link = element('a', '', own.t)
      link.href = '../' + own.h
      link.lang = own.l
      title.append(link)
      group = element('ul', 'lines')
      if (own.d) {
        var time = element('time', 'muted', own.d[1])
        time.dateTime = own.d[0]
        item.append(time)
      }
      item.append(title, group)
      list.append(item)
      groups.set(own.h, group)
    }
    if (!hit.id) {
      // A title is shown once, with what was asked for in it.
      var above = group.parentNode.querySelector('h2 a')
      above.textContent = ''
      marked(above, hit, 0, hit.text.length)
      return
    }
    var line = element('li')
    var to = element('a')
    to.href = '../' + own.h + '#' + encodeURIComponent(hit.id)
    to.append(excerpt(hit))
    if (hit.speaker) to.append(' ', element('small', '', hit.speaker[0]))
    line.append(to)
    group.append(line)
  }

  // Asking.
  var now = null
  // As many as the list has lines. A title is above its transcript's, and one where it has none.
  function counted(run) {
    var lines = new Map()
    run.hits.forEach(function (hit) { lines.set(hit.document.h, (lines.get(hit.document.h) || 0) + (hit.id ? 1 : 0)) })
    return Array.from(lines.values()).reduce(function (n, own) { return n + (own || 1) }, 0)
  }
  function amount(run) {
    var n = counted(run)
    var left = run.left()
    var words = run.ended() ? (n ? (n === 1 ? said.one : said.many) : said.none) : left < 0 ? said.least : said.most
    return (run.apart && n ? said.apart + ' ' : '') + words.replace('{n}', (left > 0 ? n + left : n).toLocaleString(document.documentElement.lang))
  }
  function tell(run) {
    state.textContent = amount(run)
    more.hidden = run.ended()
  }
  function go(run, wanted) {
    page.setAttribute('aria-busy', 'true')
    return run.next(wanted).then(function () {
      if (run !== now) return
      run.hits.slice(run.shown || 0).forEach(show)
      run.shown = run.hits.length
      // Whether that was all is known only when one more was looked for.
      tell(run)
      page.removeAttribute('aria-busy')
    })
  }
  function clear() {
    now = null
    list.textContent = ''
    groups.clear()
    more.hidden = true
  }
  function ask() {
    var query = field.value.trim()
    try {
      history.replaceState(null, '', address(query, true))
    } catch (e) { /* from a disk the address stays as it is */ }
    if (!query) { clear(); names.clear(); state.textContent = ''; return Promise.resolve() }
    var own = {}
    page.asking = own
    return passages.start().then(filters).then(function (only) {
      var newest = form.elements.order.value === 'newest'
      var typed = passages.flat(query)
      // What is shown of an answer that still is waited for.
      var fresh = function (show) { if (page.asking === own && show) show() }
      var named = page.asking === own ? names.ask(typed).then(fresh) : null
      return answer(query, only, newest, function () { return page.asking === own }, true).then(function (run) {
        if (page.asking !== own || (run && (!run.ended() || run.hits.length))) return named
        return Promise.resolve(named).then(function () {
          return names.nothing(function () {
            if (!only.documents && !only.speaker) return ''
            return answer(query, {}, newest, function () { return true }).then(function (bare) { return bare && bare.hits.length ? amount(bare) : '' })
          })
        }).then(fresh)
      })
    }).catch(function (name) {
      page.removeAttribute('aria-busy')
      state.textContent = said.failed
      if (name instanceof Error) throw name
    })
  }
  // Asks for words side by side first, as far as blanks mean nothing; then anywhere in the passage.
  // Gives the search, which is shown where it is `shown`.
  function answer(query, only, newest, wanted, shown) {
    query = query.normalize() // as texts are
    var joined = passages.flat(query).split(' ').filter(Boolean)
    var apart = query.split(/\s+/).map(function (term) { return passages.flat(term) }).filter(Boolean)
    var begin = function (terms, parted) {
      if (!wanted()) return Promise.resolve(null)
      if (shown) clear()
      if (!terms.length) { if (shown) state.textContent = said.none; return Promise.resolve(null) }
      var run = passages.search(terms, only, newest)
      run.apart = parted
      if (shown) now = run
      return (shown ? go(run, PAGE) : run.next(PAGE)).then(function () { return run })
    }
    return begin(joined).then(function (run) {
      var none = run && run.ended() && !run.hits.length
      return none && apart.length > joined.length && wanted() ? begin(apart, true) : run
    })
  }
  var timer = 0
  function soon() { clearTimeout(timer); timer = setTimeout(ask, 180) }
  field.addEventListener('input', function (event) { if (!event.isComposing) soon() })
  field.addEventListener('compositionend', soon)
  form.addEventListener('change', function (event) { if (event.target !== field) soon() })
  form.addEventListener('submit', function (event) { event.preventDefault(); clearTimeout(timer); ask() })
  more.addEventListener('click', function () {
    var before = list.querySelectorAll('.lines a').length
    if (now) go(now, now.hits.length + PAGE).then(function () {
      var next = list.querySelectorAll('.lines a')[before]
      if (next && more.hidden) next.focus()
    })
  })
  var details = form.querySelector('details')
  details.addEventListener('toggle', function () { if (details.open) passages.start().then(fill) })

  // Keys: arrows go through the hits, Escape back to the field and out of it.
  document.addEventListener('keydown', function (event) {
    if (event.isComposing || event.metaKey || event.ctrlKey || event.altKey) return
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)
    if (event.key === '/' && !typing) { event.preventDefault(); field.select(); return }
    if (event.key === 'Escape') {
      if (document.activeElement === field) { field.value = ''; ask() } else field.focus()
      return
    }
    var step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (!step || document.activeElement.tagName === 'SELECT') return
    var links = Array.from(page.querySelectorAll('.named a, .tries a, .hits a')).filter(function (link) { return link.offsetParent })
    var at = links.indexOf(document.activeElement) + step
    if (!links.length || (document.activeElement !== field && at - step < 0)) return
    event.preventDefault()
    if (at < 0) field.focus()
    else links[Math.min(at, links.length - 1)].focus()
  })

  // Another query's address, with the filters or without.
  function address(query, narrowed) {
    var all = new URLSearchParams()
    new FormData(form).forEach(function (value, name) { if (value && (narrowed || name === 'order')) all.set(name, value) })
    if (query) all.set('q', query)
    else all.delete('q')
    return '?' + all
  }
  var names = page.names(function () { return field.value.normalize().trim() }, address)

  // For tests: how it is asked without waiting, and what was found.
  page.search = { ask: ask, now: function () { return now }, go: function (wanted) { return go(now, wanted) } }

  var given = new URLSearchParams(location.search)
  field.value = given.get('q') || ''
  if (given.get('order')) form.elements.order.value = given.get('order')
  var narrowed = ['speakers', 'tags', 'publishers', 'years'].some(function (kind) { return given.get(kind) })
  ;(narrowed ? passages.start().then(function () { details.open = true; return fill() }) : Promise.resolve()).then(function () {
    if (field.value) ask()
  })
  // Whoever comes without a question comes to ask one.
  if (!field.value) field.focus()
})()
