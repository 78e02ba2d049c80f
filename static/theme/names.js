// What the search page shows besides passages: the terms and speakers that are called what was
// typed, and what else can be tried where nothing is found. Hits are exact; this is where a
// term's other forms are offered. search.js asks. The rows: src/search/names.rs.
(function () {
  'use strict'
  var page = document.querySelector('.finder')
  var passages = page && page.passages
  if (!passages) return
  var said = page.dataset
  var list = page.querySelector('.named')
  var tries = page.querySelector('.tries')
  // Lines that are shown at most, files that are loaded for them, other forms, words.
  var MOST = 4
  var FILES = 2
  var FORMS = 4
  var WORDS = 8

  /** `query` gives what is typed, `address` where another query leads, with the filters or without. */
  page.names = function (query, address) {
    function link(text, address) {
      var made = document.createElement('a')
      made.textContent = text
      made.href = address
      return made
    }
    function counted(kind, n) {
      return said[kind + (n === 1 ? 'One' : 'Many')].replace('{n}', n.toLocaleString(document.documentElement.lang))
    }
    // All rows whose form begins with a text, or is it.
    function rows(typed, whole) {
      var firsts = passages.root().names
      var upTo = whole ? typed : typed + '\uffff'
      var from = Math.max(0, passages.last(firsts, function (first) { return first < typed }))
      var to = passages.last(firsts, function (first) { return first <= upTo })
      var wanted = []
      for (var n = from; n <= to && n < from + FILES; n++) wanted.push(passages.load('n/' + n))
      return Promise.all(wanted).then(function (files) {
        return [].concat.apply([], files).filter(function (row) {
          return whole ? row[0] === typed : row[0].indexOf(typed) === 0
        })
      })
    }
    // The best of some rows, each page once: what is called exactly so, then what is said most.
    function best(rows, typed) {
      var pages = new Set()
      return rows.sort(function (a, b) {
        return (b[0] === typed) - (a[0] === typed) || b[4] - a[4]
      }).filter(function (row) {
        return !pages.has(row[2]) && pages.add(row[2])
      }).slice(0, MOST)
    }
    // In English a plural is asked for where the singular is the name.
    function singular(typed) {
      return /[a-z]{3}s$/.test(typed) ? [typed.slice(0, -1)].concat(/es$/.test(typed) ? typed.slice(0, -2) : []) : []
    }
    function first(asks) {
      var ask = asks.shift()
      return ask ? ask().then(function (found) { return found.length ? found : first(asks) }) : Promise.resolve([])
    }
    function line(row, found) {
      var item = document.createElement('li')
      var facts = document.createElement('small')
      var to = link(row[3], '../' + row[2])
      item.append(to)
      to.append(' ', facts)
      if (row[1]) {
        facts.textContent = [said.speaker, counted('turns', row[4]), counted('transcripts', row[5])].join(' · ')
        return item
      }
      facts.textContent = said.term + ' · ' + (row[4] ? counted('said', row[4]) : said.never)
      if (row[5]) item.append(' ', row[5])
      // Forms that a search for what was typed does not find, nor is offered elsewhere.
      var others = row[6].filter(function (form) {
        return !found.some(function (words) { return passages.places(passages.flat(form), words).length })
      })
      if (others.length) {
        var also = document.createElement('div')
        also.append(said.also)
        others.slice(0, FORMS).forEach(function (form) { also.append(' ', link(form, address(form, true))) })
        item.append(also)
      }
      return item
    }
    function show(rows, found) {
      list.textContent = ''
      rows.forEach(function (row) { list.append(line(row, found)) })
    }
    // The words of a text as they stand, Han apart from Latin.
    function parts(typed) {
      var parts = []
      var before = 0
      Array.from(typed).forEach(function (c) {
        var now = passages.kind(c)
        if (now && now === before) parts[parts.length - 1] += c
        else if (now) parts.push(c)
        before = now
      })
      return parts.filter(function (part, at) { return parts.indexOf(part) === at }).slice(0, WORDS)
    }
    function clear() {
      list.textContent = ''
      tries.hidden = true
    }
    return {
      clear: clear,
      // What is called so.
      ask: function (typed) {
        clear()
        if (!typed) return Promise.resolve()
        // One letter begins too much.
        var short = typed.length === 1 && passages.kind(typed) === 1
        var asks = [typed].concat(singular(typed)).map(function (one, at) {
          return function () { return rows(one, short || at > 0) }
        })
        return first(asks).then(function (found) { return function () { show(best(found, typed), [typed]) } })
      },
      // Nothing has the words: what is called like one of them, and other ways. `bare` tells what
      // is found without the filters.
      nothing: function (bare) {
        var words = parts(query())
        var compared = words.map(passages.flat)
        var ways = tries.querySelector('.ways')
        ways.textContent = ''
        var way = function (text, links) {
          var item = document.createElement('p')
          item.append(text)
          links.forEach(function (one) { item.append(' ', one) })
          ways.append(item)
        }
        return Promise.all([bare(), list.firstChild || words.length < 2 ? [] : Promise.all(compared.map(function (word) {
          return first([word].concat(singular(word)).map(function (one) { return function () { return rows(one, true) } }))
        }))]).then(function (all) {
          return function () {
            var found = [].concat.apply([], all[1])
            if (found.length) show(best(found, ''), compared)
            if (all[0]) way('', [link(said.unfiltered.replace('{hits}', all[0]), address(query(), false))])
            if (words.length > 1) way(said.alone, words.map(function (word) { return link(word, address(word, true)) }))
            tries.hidden = false
          }
        })
      }
    }
  }
})()
