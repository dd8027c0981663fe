import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { knownSecrets } from './known-secrets.ts'
import { openKubeContextReader } from './kube-context.ts'

const home = mkdtempSync(join(tmpdir(), 'fortnight-kube-'))
test.after(() => rmSync(home, { recursive: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(home, name), text)
  return join(home, name)
}

test('the first file that names a context decides, and a change of the file is seen', () => {
  const read = openKubeContextReader()
  assert.equal(read(null, home), null)
  mkdirSync(join(home, '.kube'))
  file('.kube/config', 'apiVersion: v1\ncurrent-context: "acme-prod"\n')
  assert.equal(read(null, home), 'acme-prod')
  const none = file('none', 'current-context: ""\n')
  const json = file('json', '{\n  "current-context": "acme-json",\n}\n')
  assert.equal(read(`${none}:${json}:${home}/missing`, home), 'acme-json')
  file('json', '{\n  "current-context": "other-one",\n}\n')
  assert.equal(read(json, home), 'other-one')
})

test('values are known from the kubeconfig and from variables whose name says secret, never paths or plain words', () => {
  const token = 'x'.repeat(20) + '1'
  const path = file(
    'with-token',
    `users:\n- user:\n    token: ${token}\n    client-certificate-data: cHVibGlj\n`,
  )
  const env = {
    KUBECONFIG: path,
    DB_PASSWORD: 'Correct-Horse-1',
    VAULT_TOKEN_FILE: '/run/secrets/token',
    SSH_AUTH_SOCK: '/tmp/ssh-x/agent.1',
    SOME_SECRET: 'enabled',
    PATH: '/usr/bin:/bin',
  }
  assert.deepEqual([...knownSecrets(env, home)].sort(), ['Correct-Horse-1', token].sort())
})
