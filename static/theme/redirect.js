// An old address goes on to the new one, to the same place on the page.
location.replace(document.currentScript.dataset.to + location.search + location.hash)
