/** A refusal reaches whoever asked in their language where somebody translated it; its code is the same in all. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testServer, type TestServer } from '../../testing/test-server.ts'
import { addLanguage } from '../messages/languages.ts'
import { sayFindings } from './said-findings.ts'

let server: TestServer
before(async () => {
  addLanguage('da', {
    said: {
      'Sign in first': 'Log ind først',
      'This address answers {0}, not {1}.': 'Her svares på {0}, ikke på {1}.',
      'Some of what was sent cannot be used': 'Noget af det kan ikke bruges',
    },
  })
  server = await testServer()
})
after(() => server.stop())

const asked = async (method: 'GET' | 'PATCH', url: string, language: string) =>
  (await server.http.inject({ method, url, headers: { 'accept-language': language } })).json() as {
    code: string
    title: string
    detail: string
  }

test('a problem is said as Accept-Language asks, and in English where nobody translated it', async () => {
  const danish = await asked('GET', '/api/alerts', 'da-DK, en;q=0.5')
  assert.deepEqual([danish.code, danish.title], ['not-signed-in', 'Log ind først'])
  assert.equal(danish.detail, 'Sign in, or send a token as Authorization: Bearer.')
  assert.equal((await asked('GET', '/api/alerts', 'fr')).title, 'Sign in first')
  const method = await asked('PATCH', '/api/alerts', 'da')
  assert.match(method.detail, /^Her svares på .*GET.*, ikke på PATCH\.$/)
})

test('what a rule finds is said in the language of whoever asked; everything else of a reply stays as it is', () => {
  const finding = { code: 'gap', detail: 'Sign in first', person: null }
  const reply = {
    rows: [{ name: 'Sign in first', detail: 'Sign in first', findings: [finding] }],
    next: null,
  }
  const danish = { locale: 'da', zone: 'UTC' }
  assert.deepEqual(sayFindings(reply, danish), {
    rows: [
      { name: 'Sign in first', detail: 'Sign in first', findings: [{ ...finding, detail: 'Log ind først' }] },
    ],
    next: null,
  })
  assert.equal(sayFindings(reply, { locale: 'en-GB', zone: 'UTC' }), reply)
})
