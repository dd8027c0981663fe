// Runs before the first paint, so that a chosen scheme does not flash; the policy forbids inline script.
try {
  var scheme = localStorage.getItem('fortnight.scheme')
  if (scheme === 'light' || scheme === 'dark') document.documentElement.dataset.scheme = scheme
} catch {}
