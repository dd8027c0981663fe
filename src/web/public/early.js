// Runs before the first paint; the policy forbids inline script.

// A chosen scheme does not flash.
try {
  var scheme = localStorage.getItem('fortnight.scheme')
  if (scheme === 'light' || scheme === 'dark') document.documentElement.dataset.scheme = scheme
} catch {}

// The server's picture of the home view cannot do what its buttons say: the last press is kept for the application, which
// does it as soon as it has taken the picture's place (src/web/shell/take-place.ts).
document.addEventListener(
  'click',
  function (event) {
    var picture = document.getElementById('picture')
    var button = event.target.closest && event.target.closest('button')
    if (!picture || !button || !picture.contains(button)) return
    var all = Array.prototype.slice.call(picture.querySelectorAll('button'))
    picture.dataset.pressed = all.indexOf(button)
  },
  true,
)
