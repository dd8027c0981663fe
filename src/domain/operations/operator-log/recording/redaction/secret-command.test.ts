import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printsASecret } from './secret-command.ts'

test('commands whose whole output is a secret are known', () => {
  for (const command of [
    `kubectl get secret app -o jsonpath='{.data.password}'`,
    `kubectl -n x get secrets app -o jsonpath={.data.password} | base64 -d`,
    `kubectl get secret app -ojsonpath='{.data}' | jq -r .a`,
    'echo aGk= | base64 --decode',
    'cd /srv && sops -d secrets.yaml | head -3',
    'sudo vault kv get -field=x secret/y',
    'pass show db/prod',
    'LANG=C gpg -d file.gpg',
  ])
    assert.ok(printsASecret(command), command)
})

test('commands that only use a secret keep their output: it is the evidence of the change', () => {
  for (const command of [
    'sops -d secrets.yaml | kubectl apply -f -',
    'export P=$(kubectl get secret a -o jsonpath={.data.p} | base64 -d); psql -c "select 1"',
    'kubectl get secrets',
    'kubectl get secret app -o yaml',
    'kubectl get pods -o jsonpath={.items}',
    'base64 file',
    'pass ls',
    'kubectl diff -f <(sops -d secrets.yaml)',
  ])
    assert.ok(!printsASecret(command), command)
})
