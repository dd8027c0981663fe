// Guard: what the image, the composition and the CI name exists in the project.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { settings } from '../../src/server/platform/config.ts'
import { programs } from '../steps/programs.ts'
import { composeFaults, dockerfileFaults, workflowFaults, type Deployment, type Facts } from './deployment.ts'
import { projectRoot, sentences } from './source-files.ts'

const text = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')
const ours: Deployment = {
  dockerfile: text('Dockerfile'),
  dockerignore: text('.dockerignore'),
  compose: text('compose.yaml'),
  workflow: text('.github/workflows/ci.yml'),
}
const facts: Facts = {
  exists: (path) => existsSync(join(projectRoot, path)),
  settings: Object.keys(settings),
  otherVariables: ['PATH', 'NODE_ENV', 'NODE_COMPILE_CACHE', 'FORTNIGHT_NO_INSTALL'],
  routes: [...text('src/server/platform/health.ts').matchAll(/app\.get\('([^']+)'/g)].map(
    ([, path]) => path as string,
  ),
  packages: programs.map(({ aptPackage }) => aptPackage),
}
const faultsOf = (deployment: Deployment): string[] =>
  sentences([
    ...dockerfileFaults(deployment, facts),
    ...composeFaults(deployment, facts),
    ...workflowFaults(deployment, facts),
  ])

test('whatever the image, the composition and the CI name exists', () => {
  assert.deepEqual(faultsOf(ours), [])
  assert.match(text('bin/install-when-needed.mjs'), /FORTNIGHT_NO_INSTALL/)
})

test('each kind of fault is noticed', () => {
  const plants: [keyof Deployment, string, string, RegExp][] = [
    ['dockerfile', 'COPY package.json', 'COPY packages.json', /copies packages\.json/],
    ['dockerfile', '--from=runtime', '--from=running', /running, which is no stage/],
    ['dockerfile', 'tools/build.ts', 'tools/builds.ts', /runs tools\/builds\.ts/],
    ['dockerfile', 'dist/server/main.mjs', 'dist/server/begin.mjs', /runs src\/server\/begin\.ts/],
    ['dockerfile', 'bin/fortnight', 'bin/fortnights', /runs bin\/fortnights/],
    ['dockerfile', '/health/live', '/health/lively', /asks \/health\/lively/],
    ['dockerfile', 'FORTNIGHT_DATA=', 'FORTNIGHT_FOLDER=', /sets FORTNIGHT_FOLDER[^]*another folder/],
    ['dockerfile', 'EXPOSE 4280', 'EXPOSE 4281', /another port/],
    ['dockerfile', 'USER fortnight', 'USER root', /runs as root/],
    ['dockerfile', 'ENV PATH=', 'ENV PATH=/app/node_modules/.bin:', /npm 10 leaves none/],
    ['dockerignore', 'node_modules', 'package.json', /\.dockerignore hides/],
    ['compose', ' BASE_URL: ', ' BASE_ADDRESS: ', /sets BASE_ADDRESS/],
    ['compose', '}:4280', '}:4281', /publishes/],
    ['compose', 'data:/data', 'data:/date', /does not keep \/data/],
    ['compose', 'database:/var', 'databases:/var', /mounts databases/],
    ['compose', 'healthcheck:', 'x-healthcheck:', /which nobody checks/],
    ['compose', '${SMTP_URL:-}', '${SMTP_URL}', /without a default/],
    ['workflow', '.ci/run', '.ci/walk', /runs \.ci\/walk/],
    ['workflow', 'prometheus-alertmanager', 'alertmanager', /installs alertmanager/],
    ['workflow', 'checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8', 'checkout@v5', /may change/],
  ]
  for (const [file, from, to, expected] of plants) {
    assert.ok(ours[file].includes(from), `${file} has no ${from}`)
    assert.match(faultsOf({ ...ours, [file]: ours[file].replace(from, to) }).join('\n'), expected)
  }
})
