// What the reader chose, before anything is drawn: the colour scheme, the terms that are marked.
try {
  document.documentElement.dataset.scheme = localStorage.getItem('postil-scheme') || ''
  document.documentElement.dataset.terms = localStorage.getItem('postil-terms') || ''
} catch (e) { /* storage is off: as the system and the page say */ }
