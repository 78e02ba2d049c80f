// Finds every passage that has the words, in files that are loaded as they are needed. The
// program's half, and what the files hold, is in src/search/. search.js asks, and shows what is found.
(function () {
  'use strict'
  var page = document.querySelector('.finder')
  if (!page) return

  // Files. Each gives its name and what it holds; `load` gives that unpacked.
  var root = null
  var brought = {}
  var asked = {}
  window.postil = function (name, packed) { brought[name] = packed }
  function load(name) {
    return asked[name] || (asked[name] = new Promise(function (done, fail) {
      var script = document.createElement('script')
      script.src = name + '.js' + (root ? '?v=' + root.version : '')
      script.onload = function () { script.remove(); name in brought ? done(brought[name]) : fail(name) }
      script.onerror = function () { script.remove(); delete asked[name]; fail(name) }
      document.head.appendChild(script)
    }).then(unpack).then(function (text) {
      delete brought[name]
      return /^i/.test(name) ? ',' + text : JSON.parse(text)
    }))
  }

  // See src/search/packed.rs: fifteen bits a character, deflated, and characters by their numbers in a list.
  function unpack(packed) {
    var few = packed.charCodeAt(packed.length - 1) < 0x3400
    var bytes = new Uint8Array((packed.length * 15 - (few ? 8 : 0)) >> 3)
    for (var i = 0, at = 0, held = 0, bits = 0; i < packed.length; i++) {
      var own = few && i === packed.length - 1 ? 7 : 15
      held = held << own | (packed.charCodeAt(i) - (own === 7 ? 0x3380 : 0x3400))
      for (bits += own; bits > 7;) {
        bits -= 8
        bytes[at++] = held >> bits
      }
      held &= (1 << bits) - 1
    }
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
    return new Response(stream).arrayBuffer().then(function (all) { return lettered(new Uint8Array(all)) })
  }
  function lettered(bytes) {
    var leads = bytes[0]
    if (leads === 255) return new TextDecoder().decode(bytes.subarray(1))
    var at = 1
    function number() {
      for (var n = 0, shift = 0, byte = 128; byte > 127; shift += 7) {
        byte = bytes[at++]
        n |= (byte & 127) << shift
      }
      return n
    }
    var list = []
    for (var part = 0; part < 2; part++) {
      for (var count = number(), next = 128; count; count--, next++) {
        next += number()
        list.push(String.fromCodePoint(next))
      }
    }
    var out = ''
    while (at < bytes.length) {
      var byte = bytes[at++]
      if (byte < 128) out += String.fromCharCode(byte)
      else if (byte < 256 - leads) out += list[byte - 128]
      else out += list[128 - leads + ((byte + leads - 256) << 8) + bytes[at++]]
    }
    return out
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
        return { key: two[0], from: two.length > 1 ? numbers(two[1], 0, true)[0] : 0 }
      })
    })
  }

  // Characters as they are compared: see src/search/fold.rs, and for Han src/search/han.rs.
  var simplified = {}
  var CJK = /[々〇\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u{20000}-\u{3ffff}]/u
  var WORD = /[\p{Alphabetic}\p{N}]/u
  var QUOTES = /[\u2018\u2019\u201c-\u201e]/
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
    if (QUOTES.test(c)) return c < '\u201a' ? "'" : '"'
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

  // What a term is looked up by: keys that its passages have for certain, and beginnings of keys; each with
  // the number of tokens before it.
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
        ;(whole ? exact : begins).push({ key: key, at: at })
      } else if (at && token.touches) return // the key before has it
      else if (end && open) begins.push({ key: token.text, at: at })
      else if (!(end && at) || token.kind === 1) exact.push({ key: token.text, at: at })
    })
    return { exact: exact, begins: begins }
  }
  function shards(key, begins) {
    var from = last(root.keys, function (cut) { return cut.key < key || (cut.key === key && !cut.from) })
    var upTo = begins ? key + '\uffff' : key
    var to = last(root.keys, function (cut) { return cut.key <= upTo })
    var all = []
    for (var n = Math.max(0, from); n <= to; n++) all.push(n)
    return all
  }
  // Reads the units of a key, or of all keys with a beginning, in one shard. Of each it tells the spot: so
  // many tokens stand before the key there, and one more, in a circle of seven; or 0 where it is not known.
  function units(n, key, begins, take) {
    return load('i/' + n).then(function (text) {
      var wanted = ',' + key + (begins ? '' : '!')
      for (var at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
        var mark = text.indexOf('!', at)
        var name = text.slice(at + 1, mark)
        if (begins && kind(key) === 1 && name.indexOf(' ') > 0) continue
        var own = text.slice(mark + 1, text.indexOf(',', mark)).split('=')
        var next = own.length > 1 ? numbers(own[1], 0, true)[0] : 0
        own = own[own.length - 1].split('~')
        numbers(own[0], next).forEach(function (unit) {
          take(unit, 0)
          next = unit + 1
        })
        numbers(own[1] || '', 0, true).forEach(function (number) {
          next += number >> 3
          take(next++, number & 7)
        })
        if (!begins) break
      }
    })
  }

  // Whether a shard may have a unit of a key: one that fills several says where each begins.
  function covers(n, key, unit) {
    var cut = root.keys[n]
    var next = root.keys[n + 1]
    return !(cut.key === key && cut.from > unit) && !(next && next.key === key && next.from && next.from <= unit)
  }
  // Those of a key's units that lie in some of its shards, each with the spot where its term would begin.
  function lookup(one, shards) {
    var starts = new Map()
    return Promise.all(shards.map(function (n) {
      return units(n, one.key, one.begins, function (unit, spot) {
        var start = spot && (spot + 6 - one.at % 7) % 7 + 1
        starts.set(unit, starts.has(unit) && starts.get(unit) !== start ? 0 : start)
      })
    })).then(function () { return { term: one.term, starts: starts } })
  }
  // Of some units, or all, those that stand in every one of some lists, where each term may begin at one spot.
  function common(lists, units) {
    lists.sort(function (a, b) { return a.starts.size - b.starts.size })
    return (units || Array.from(lists[0].starts.keys())).filter(function (unit) {
      var begins = {}
      return lists.every(function (list) {
        var start = list.starts.get(unit)
        var other = begins[list.term]
        begins[list.term] = other || start
        return start === 0 || (start && (!other || other === start))
      })
    })
  }

  // Batches of units that may have all terms, one promise after the other; none at the end.
  function candidates(terms) {
    var keys = []
    terms.forEach(function (term, number) {
      var own = lookups(term)
      function add(begins) {
        return function (one) {
          keys.push({ key: one.key, at: one.at, term: number, begins: begins, shards: shards(one.key, begins) })
        }
      }
      own.exact.forEach(add(false))
      own.begins.forEach(add(true))
    })
    var small = keys.filter(function (one) { return one.shards.length === 1 })
    var large = keys.filter(function (one) { return one.shards.length > 1 && !one.begins })
      .sort(function (a, b) { return a.shards.length - b.shards.length })
    // Neighbouring pairs say nearly the same: the outermost are enough, until a text is loaded in vain.
    var some = small.length > 2 ? [small[0], small[small.length - 1]] : small
    var spare = small.filter(function (one) { return some.indexOf(one) < 0 }).concat(large)
    var first = some.length ? null : large[0] || keys[0]
    var left = some.length ? [0] : first ? first.shards.slice() : []
    var others = []
    var lists = []
    var seen = new Set()
    return {
      whole: left.length < 2,
      next: function () {
        if (!left.length) return Promise.resolve(null)
        // The newest transcripts stand at the end of a key's units.
        var n = first && first.begins ? left.shift() : left.pop()
        this.whole = !left.length
        others = spare.filter(function (one) { return one !== first })
        var wanted = first ? [lookup(first, [n])] : some.map(function (one) { return lookup(one, one.shards) })
        return Promise.all(wanted).then(function (all) {
          lists = all
          return common(lists).filter(function (unit) { return !seen.has(unit) && seen.add(unit) })
        })
      },
      // What another key leaves of some units; null where there is none, or it takes more than so many files.
      fewer: function (units, files) {
        if (!others.length) return null
        var wanted = others[0].shards.filter(function (n) {
          return others[0].shards.length === 1 || units.some(function (unit) { return covers(n, others[0].key, unit) })
        })
        if (wanted.length > files) return null
        return lookup(others.shift(), wanted).then(function (found) { return common(lists = lists.concat(found), units) })
      }
    }
  }

  function texts(n) {
    return load('t/' + n).then(function (all) {
      var unit = root.texts[n]
      all.forEach(function (document) {
        document.first = unit
        unit += document.u.length
      })
      return all
    })
  }

  // A search under way: `next` adds hits until there are enough of them or no more.
  function search(terms, only, newest) {
    var source = candidates(terms)
    var hits = []
    var waiting = []
    var ended = false
    var going = Promise.resolve()
    var seen = new Set()
    // Since the last key was loaded: units that have all terms, and units that do not.
    var right = 0
    var wrong = 0
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
          if (!found.length) return wrong++
          found.forEach(function (at) { marks.push([text.places[at], end(text, at + terms[i].length, row[2])]) })
        }
        right++
        var name = document.h + '#' + row[0]
        if (seen.has(name)) return
        seen.add(name)
        hits.push({ document: document, id: row[0], speaker: speaker, text: row[2], marks: marks })
      })
    }
    // Looks up another key where the texts that still would be loaded in vain weigh more.
    function narrow(wanted) {
      var units = [].concat.apply([], waiting.map(function (group) { return group.units }))
      var files = new Set(units.map(function (unit) { return place(root.texts, unit) })).size
      var vain = (wanted - hits.length) * wrong / (right + 1)
      var fewer = source.fewer(units, Math.min(files, vain))
      return fewer && fewer.then(function (found) {
        right = wrong = 0
        waiting = sort(found)
      })
    }
    // A mark ends behind its last character and what of the text is not compared, but for blanks.
    function end(text, at, whole) {
      var from = text.places[at - 1]
      for (var to = at; to < text.places.length; to++) {
        if (text.places[to] > from) return from + whole.slice(from, text.places[to]).trimEnd().length
      }
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
            return check(group).then(function () { return wrong ? narrow(wanted) : 0 }).then(step)
          }
          return source.next().then(function (some) {
            right = wrong = 0
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
