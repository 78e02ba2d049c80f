// What the reader chose, before anything is drawn: the colour scheme, the terms that are marked,
// the text's size.
try {
  ['scheme', 'terms', 'size'].forEach(function (key) {
    document.documentElement.dataset[key] = localStorage.getItem('postil-' + key) || ''
  })
} catch (e) { /* storage is off: as the system and the page say */ }
