/** What a browser may keep for good is what can never change under its name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { homeLinks, isLasting } from './web-files.ts'

test('only hashed assets are kept for good, wherever the installation lies', () => {
  const folder = '/srv/assets/fortnight/dist/web'
  assert.equal(isLasting(`${folder}/assets/index-Df3k.js`, folder), true)
  assert.equal(isLasting(`${folder}/index.html`, folder), false)
  assert.equal(isLasting(`${folder}/sw.js`, folder), false)
})

test('the home view is told with everything that it needs and nothing of other views', () => {
  const manifest = {
    'home/Home.tsx': { file: 'assets/Home-1.js', css: ['assets/Home-2.css'], imports: ['_frame.js'] },
    '_frame.js': { file: 'assets/frame-3.js', imports: ['home/Home.tsx'] },
    'operations/Alerts.tsx': { file: 'assets/Alerts-4.js' },
  }
  const parts = [
    '</assets/Home-2.css>; rel=preload; as=style; crossorigin',
    '</assets/Home-1.js>; rel=modulepreload',
    '</assets/frame-3.js>; rel=modulepreload',
  ]
  const me = '</api/me>; rel=preload; as=fetch; crossorigin'
  assert.deepEqual(homeLinks(manifest, { drawn: false }).split(', '), [me, ...parts])
  assert.deepEqual(homeLinks(manifest, { drawn: true }).split(', '), parts)
})
