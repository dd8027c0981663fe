/** What a browser may keep for good is what can never change under its name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLasting } from './web-files.ts'

test('only hashed assets are kept for good, wherever the installation lies', () => {
  const folder = '/srv/assets/fortnight/dist/web'
  assert.equal(isLasting(`${folder}/assets/index-Df3k.js`, folder), true)
  assert.equal(isLasting(`${folder}/index.html`, folder), false)
  assert.equal(isLasting(`${folder}/sw.js`, folder), false)
})
