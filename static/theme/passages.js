// Finds every passage that has the words, in files that are loaded as they are needed. The
// program's half, and what the files hold, is in src/search/. search.js asks, and shows what is found.
(function () {
  'use strict'
  var page = document.querySelector('.finder')
  if (!page) return

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

  // For the other scripts of the page; `flat` gives them the text alone.
  page.passages = {
    start: start, search: search, load: load, numbers: numbers, last: last,
    root: function () { return root },
    flat: function (text) { return flat(text).text }, kind: kind, places: places
  }
})()
