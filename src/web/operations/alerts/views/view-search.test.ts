/** A saved view is recognised by what the list shows, and says it again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { savedFrom, searchOf, slugOf, viewShown, type SavedView } from './view-search.ts'

const view = (more: Partial<SavedView>): SavedView => ({
  id: '01934f5e-7a00-7000-8000-000000000001',
  slug: null,
  name: 'Night',
  query: '',
  status: 'not-closed',
  environment: null,
  priority: null,
  groupBy: null,
  can: { change: true },
  ...more,
})

test('what is saved from a list is the view that the list then shows', () => {
  for (const search of [
    {},
    { status: 'all' as const },
    { query: 'tag:disk', by: 'cluster', priority: 'P1' as const },
  ]) {
    const { slug: _, ...saved } = savedFrom(search, 'Night', false)
    const kept = view({ ...saved, query: saved.query ?? '' } as Partial<SavedView>)
    assert.equal(viewShown([view({ environment: 'elsewhere' }), kept], search), kept)
    assert.equal(viewShown([kept], { ...search, environment: 'elsewhere' }), undefined)
  }
  assert.equal(searchOf(view({})).status, undefined)
})

test('a name becomes what an address may carry', () => {
  assert.equal(slugOf(' Störage & Ünderlay! '), 'sto-rage-u-nderlay')
  assert.equal(slugOf('***'), '')
})
