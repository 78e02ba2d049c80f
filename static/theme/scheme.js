// The reader's colour scheme, before anything is drawn.
try { document.documentElement.dataset.theme = localStorage.getItem('postil-scheme') || '' } catch (e) { /* storage is off: as the system says */ }
