// The search page: finds every passage that has the words, in files that are loaded as they are
// needed. The program's half, and what the files hold, is in src/search/. Classic scripts only:
// nothing else may be loaded from a disk.
(function () {
  'use strict'
  var page = document.querySelector('.finder')
  if (!page || !window.Promise) return
  var said = page.dataset
  var form = page.querySelector('form')
  var field = form.elements.q
  var list = page.querySelector('.hits')
  var state = page.querySelector('[role=status]')
  var more = page.querySelector('.more')
  var PAGE = 10
  form.hidden = false

  // Files. Each calls one of these functions; `load` gives what it brought.
  var root = null
  var brought = {}
  var asked = {}
  window.postil = {
    root: function (all) { brought.root = all },
    index: function (n, text) { brought['i/' + n] = ',' + text },
    text: function (n, packed) { brought['t/' + n] = packed },
    names: function (n, rows) { brought['n/' + n] = rows },
    facet: function (kind, n, rows) { brought[kind + '-' + n] = rows }
  }
  function load(name) {
    return asked[name] || (asked[name] = new Promise(function (done, fail) {
      var script = document.createElement('script')
      script.src = name + '.js' + (root ? '?v=' + root.version : '')
      script.onload = function () { script.remove(); name in brought ? done(brought[name]) : fail(name) }
      script.onerror = function () { script.remove(); delete asked[name]; fail(name) }
      document.head.appendChild(script)
    }))
  }

  // Numbers in letters: see src/search/index.rs.
  var LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  function numbers(text, next, gaps) {
    var out = []
    next = next || 0
    for (var i = 0, gap = 0, shift = 0; i < text.length; i++) {
      var value = LETTERS.indexOf(text[i])
      gap |= (value & 31) << shift
      shift += 5
      if (value > 31) continue
      out.push(gaps ? gap : next + gap)
      next += gap + 1
      gap = shift = 0
    }
    return out
  }
  // The first unit of each document, and one past the last; those of each file of texts.
  function unfold(text) {
    var first = [0]
    var texts = []
    text.replace(/([.+]?)([g-z0-9_-]*[A-Za-f])/g, function (all, mark, letters) {
      var n = numbers(letters, 0, true)[0]
      var from = first[first.length - 1]
      if (mark === '+') texts.push(first[first.length - 2] + n)
      else {
        if (!mark) texts.push(from)
        first.push(from + n)
      }
    })
    return { first: first, texts: texts }
  }
  // The last place in `all` that `before` says yes to.
  function last(all, before) {
    var from = -1
    for (var to = all.length; to - from > 1;) {
      var middle = (from + to) >> 1
      if (before(all[middle])) from = middle
      else to = middle
    }
    return from
  }
  function place(all, n) { return last(all, function (first) { return first <= n }) }

  function start() {
    return load('root').then(function (all) {
      if (root) return
      root = all
      var unfolded = unfold(all.units)
      root.first = unfolded.first
      root.texts = unfolded.texts
      var code = 0x3400
      all.han.replace(/([ -~]+)([^ -~])/g, function (all, letters, to) {
        code += numbers(letters, 0, true)[0]
        simplified[String.fromCharCode(code++)] = to
      })
      root.keys = all.cuts.split(',').slice(0, -1).map(function (cut) {
        var two = cut.split('=')
        return { key: two[0], part: two.length > 1 }
      })
    })
  }

  // Characters as they are compared: see src/search/fold.rs, and for Han src/search/han.rs.
  var simplified = {}
  var CJK = /[々〇\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u{20000}-\u{3ffff}]/u
  var WORD = /[\p{Alphabetic}\p{N}]/u
  var UNSEEN = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/
  // Texts are long, and their characters few: each is looked up once.
  function once(make) {
    var known = new Map()
    return function (c) {
      var made = known.get(c)
      if (made === undefined) known.set(c, made = make(c))
      return made
    }
  }
  var fold = once(function (c) {
    if (c < '\x80') return c.toLowerCase()
    if (CJK.test(c)) return simplified[c] || c
    if (UNSEEN.test(c)) return ''
    return c.normalize('NFKC').replace(/[^]/gu, function (d) {
      return CJK.test(d) ? simplified[d] || d : d.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')
    })
  })
  var kind = once(function (c) { return CJK.test(c) ? 2 : WORD.test(c) ? 1 : 0 })

  // A text as it is compared, and for each of its places the place in the text. Blanks between
  // Han and Latin are nothing, other white space is one blank.
  function flat(text) {
    var out = ''
    var places = []
    var before = 0
    var blank = false
    var at = 0
    for (var c of text) {
      for (var d of fold(c)) {
        var now = kind(d)
        if (!now && /\s/.test(d)) { blank = true; continue }
        if (blank && out && !(before && now && before !== now)) { out += ' '; places.push(at - 1) }
        blank = false
        before = now
        for (var i = 0; i < d.length; i++) places.push(at)
        out += d
      }
      at += c.length
    }
    places.push(text.length)
    return { text: out, places: places }
  }
  // Where a term stands in a flat text; a word only where one begins.
  function places(text, term) {
    var found = []
    var first = kind(String.fromCodePoint(term.codePointAt(0))) === 1
    for (var at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
      if (!first || !at || kind([].concat(Array.from(text.slice(Math.max(0, at - 2), at))).pop()) !== 1) found.push(at)
    }
    return found
  }

  // What a term is looked up by: keys that its passages have for certain, and beginnings of keys.
  function lookups(term) {
    var tokens = []
    var blank = true
    for (var c of term) {
      var now = kind(c)
      var before = tokens[tokens.length - 1]
      if (now === 1 && !blank && before && before.kind === 1) before.text += c
      else if (now) tokens.push({ kind: now, text: c, touches: !blank })
      blank = !now
    }
    var open = !blank
    var exact = []
    var begins = []
    tokens.forEach(function (token, at) {
      var next = tokens[at + 1]
      var end = at === tokens.length - 1
      if (next && next.touches) {
        var key = token.kind === 1 ? token.text + ' ' + next.text : token.text + next.text
        var whole = next.kind === 2 || at + 1 < tokens.length - 1 || !open
        ;(whole ? exact : begins).push(key)
      } else if (end && open && (token.kind === 1 || !at || !token.touches)) begins.push(token.text)
      else if (!(end && at)) exact.push(token.text)
      else if (token.kind === 1) exact.push(token.text)
    })
    return { exact: exact, begins: begins }
  }
  function shards(key, begins) {
    var from = last(root.keys, function (cut) { return cut.key < key || (cut.key === key && !cut.part) })
    var upTo = begins ? key + '\uffff' : key
    var to = last(root.keys, function (cut) { return cut.key <= upTo })
    var all = []
    for (var n = Math.max(0, from); n <= to; n++) all.push(n)
    return all
  }
  // The units of a key, or of all keys with a beginning, in one shard.
  function units(n, key, begins) {
    return load('i/' + n).then(function (text) {
      var found = []
      var wanted = ',' + key + (begins ? '' : '!')
      for (var at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
        var mark = text.indexOf('!', at)
        var name = text.slice(at + 1, mark)
        if (begins && kind(key) === 1 && name.indexOf(' ') > 0) continue
        var own = text.slice(mark + 1, text.indexOf(',', mark)).split('=')
        var next = own.length > 1 ? numbers(own[1], 0, true)[0] : 0
        found = found.concat(numbers(own[own.length - 1], next))
        if (!begins) break
      }
      return found
    })
  }

  // All units of a key that one shard has whole.
  function all(one) { return units(one.shards[0], one.key, one.begins) }
  // The units that stand in every one of some lists.
  function common(lists) {
    lists.sort(function (a, b) { return a.length - b.length })
    return lists.slice(1).reduce(function (some, other) {
      var set = new Set(other)
      return some.filter(function (n) { return set.has(n) })
    }, Array.from(new Set(lists[0])))
  }

  // Batches of units that may have all terms, one promise after the other; none at the end.
  function candidates(terms) {
    var exact = []
    var begins = []
    terms.forEach(function (term) {
      var own = lookups(term)
      own.exact.forEach(function (key) { exact.push({ key: key, shards: shards(key) }) })
      own.begins.forEach(function (key) { begins.push({ key: key, begins: true, shards: shards(key, true) }) })
    })
    // Neighbouring pairs say nearly the same: some of them are enough, the text decides.
    var small = exact.filter(function (one) { return one.shards.length === 1 })
    var spare = []
    if (small.length > 3) {
      var some = [small[0], small[small.length >> 1], small[small.length - 1]]
      spare = small.filter(function (one) { return some.indexOf(one) < 0 }).slice(0, 3)
      small = some
    }
    var narrow = begins.filter(function (one) { return one.shards.length === 1 })
    var certain = small.length ? small.concat(narrow.slice(0, 1)) : narrow
    var done = false
    if (certain.length) {
      return {
        whole: true,
        next: function () {
          if (done) return Promise.resolve(null)
          done = true
          return Promise.all(certain.map(all)).then(common).then(function (found) {
            // Texts loaded in vain weigh more than the other pairs.
            var files = new Set(found.map(function (n) { return place(root.texts, n) }))
            if (files.size < 3 || !spare.length) return found
            return Promise.all(spare.map(all)).then(function (more) { return common(more.concat([found])) })
          })
        }
      }
    }
    var large = (exact.length ? exact : begins).sort(function (a, b) { return a.shards.length - b.shards.length })[0]
    var left = large ? large.shards.slice() : []
    var seen = new Set()
    return {
      whole: left.length < 2,
      next: function () {
        if (!left.length) return Promise.resolve(null)
        // The newest transcripts stand at the end of a key's units.
        var n = large.begins ? left.shift() : left.pop()
        this.whole = !left.length
        return units(n, large.key, large.begins).then(function (some) {
          return some.filter(function (n) { return !seen.has(n) && seen.add(n) })
        })
      }
    }
  }

  function texts(n) {
    return load('t/' + n).then(function (packed) {
      if (typeof packed !== 'string') return packed
      var bytes = Uint8Array.from(atob(packed), function (c) { return c.charCodeAt(0) })
      var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
      return new Response(stream).json().then(function (all) {
        var unit = root.texts[n]
        all.forEach(function (document) {
          document.first = unit
          unit += document.u.length
        })
        return brought['t/' + n] = all
      })
    }).then(function (all) { asked['t/' + n] = Promise.resolve(all); return all })
  }

  // A search under way: `next` adds hits until there are enough of them or no more.
  function search(terms, only, newest) {
    var source = candidates(terms)
    var hits = []
    var waiting = []
    var ended = false
    var going = Promise.resolve()
    var seen = new Set()
    function sort(some) {
      var groups = new Map()
      some.forEach(function (unit) {
        var document = place(root.first, unit)
        if (!only.documents || only.documents.has(document)) {
          var group = groups.get(document)
          if (!group) groups.set(document, group = { document: document, units: [], weight: 0 })
          group.units.push(unit)
          group.weight += unit === root.first[document] ? 10 : 1
        }
      })
      return Array.from(groups.values()).sort(function (a, b) {
        return (newest ? 0 : b.weight - a.weight) || b.document - a.document
      })
    }
    function check(group) {
      group.units.sort(function (a, b) { return a - b })
      var unit = group.units.shift()
      var n = place(root.texts, unit)
      return texts(n).then(function (all) {
        var document = all[place(all.map(function (one) { return one.first }), unit)]
        var row = document.u[unit - document.first]
        var speaker = row[1] < 0 ? null : document.s[row[1]]
        if (only.speaker && (!speaker || speaker.indexOf(only.speaker, 1) < 0)) return
        var text = flat(row[2])
        var marks = []
        for (var i = 0; i < terms.length; i++) {
          var found = places(text.text, terms[i])
          if (!found.length) return
          found.forEach(function (at) { marks.push([text.places[at], end(text, at + terms[i].length)]) })
        }
        var name = document.h + '#' + row[0]
        if (seen.has(name)) return
        seen.add(name)
        hits.push({ document: document, id: row[0], speaker: speaker, text: row[2], marks: marks })
      })
    }
    // A mark ends behind its last character, whatever of the text is not compared.
    function end(text, at) {
      var from = text.places[at - 1]
      for (var to = at; to < text.places.length; to++) if (text.places[to] > from) return text.places[to]
      return from + 1
    }
    return {
      hits: hits,
      ended: function () { return ended },
      left: function () { return source.whole ? waiting.reduce(function (n, group) { return n + group.units.length }, 0) : -1 },
      next: function (wanted) {
        var step = function () {
          if (hits.length >= wanted || ended) return
          if (waiting.length) {
            var group = waiting[0]
            if (!group.units.length) { waiting.shift(); return step() }
            return check(group).then(step)
          }
          return source.next().then(function (some) {
            if (some) waiting = sort(some)
            else ended = true
            return step()
          })
        }
        // One after the other: two at once would take each other's candidates for the last.
        return going = going.catch(function () {}).then(step)
      }
    }
  }

  // Documents that a filter leaves.
  function facet(kind) {
    var files = []
    for (var n = 0; n < (root.facets[kind] || 0); n++) files.push(load(kind + '-' + n))
    return Promise.all(files).then(function (all) { return [].concat.apply([], all) })
  }
  function filters() {
    var sets = []
    var wanted = ['speakers', 'tags', 'publishers'].filter(function (kind) { return form.elements[kind].value })
    return Promise.all(wanted.map(function (kind) {
      var value = form.elements[kind].value
      return facet(kind).then(function (rows) {
        var row = rows.filter(function (row) { return row[0] === value })[0]
        sets.push(new Set(row ? numbers(row[2]) : []))
      })
    })).then(function () {
      var year = form.elements.years.value
      root.years.forEach(function (own, at) {
        if (year && own[0] === year) {
          var set = new Set()
          var to = at + 1 < root.years.length ? root.years[at + 1][1] : root.first.length - 1
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
    options('years', root.years.filter(function (own) { return own[0] }).map(function (own) { return [own[0], own[0]] }).reverse())
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
    return start().then(filters).then(function (only) {
      var newest = form.elements.order.value === 'newest'
      var typed = flat(query).text
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
    var joined = flat(query).text.split(' ').filter(Boolean)
    var apart = query.split(/\s+/).map(function (term) { return flat(term).text }).filter(Boolean)
    var begin = function (terms, parted) {
      if (!wanted()) return Promise.resolve(null)
      if (shown) clear()
      if (!terms.length) { if (shown) state.textContent = said.none; return Promise.resolve(null) }
      var run = search(terms, only, newest)
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
  details.addEventListener('toggle', function () { if (details.open) start().then(fill) })

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
  var names = page.names({
    root: function () { return root },
    query: function () { return field.value.trim() },
    flat: function (text) { return flat(text).text },
    address: address, kind: kind, last: last, load: load, places: places
  })

  // For tests: how it is asked without waiting, and what was found.
  page.search = { ask: ask, now: function () { return now }, go: function (wanted) { return go(now, wanted) } }

  var given = new URLSearchParams(location.search)
  field.value = given.get('q') || ''
  if (given.get('order')) form.elements.order.value = given.get('order')
  var narrowed = ['speakers', 'tags', 'publishers', 'years'].some(function (kind) { return given.get(kind) })
  ;(narrowed ? start().then(function () { details.open = true; return fill() }) : Promise.resolve()).then(function () {
    if (field.value) ask()
  })
  // Whoever comes without a question comes to ask one.
  if (!field.value) field.focus()
})()
