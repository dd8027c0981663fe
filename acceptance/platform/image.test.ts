/** What the Dockerfile puts into the image is enough: laid out by its own words, it starts as nobody in particular and is found healthy. */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type SpawnOptions } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { buildPrograms } from '../../tools/build/programs.ts'
import { buildServer } from '../../tools/build/server.ts'
import { buildWeb } from '../../tools/build/web.ts'
import { instructionsOf } from '../../tools/tidy/deployment.ts'
import { projectPaths, projectRoot } from '../../tools/tidy/source-files.ts'
import { freePort, stopServer, untilReady, type ServerProcess } from './server-process.ts'

const onLinux = process.platform === 'linux' ? {} : { skip: 'the image is one of Linux' }
const NOBODY = 65_534
const instructions = instructionsOf(readFileSync(join(projectRoot, 'Dockerfile'), 'utf8'))

/** Beside the project, so that packages can be linked instead of copied. */
let folder: string
let app: string
let env: Record<string, string>
let server: ServerProcess | undefined

/** As `npm ci --omit=dev` leaves them. Linked file by file, because a link to a folder would lead back to everything. */
const layPackages = (): void => {
  const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const real = realpathSync(join(projectRoot, 'node_modules'))
  for (const [path, { dev }] of Object.entries(packages)) {
    const name = path.slice('node_modules/'.length)
    if (path === '' || dev || name.includes('node_modules/') || !existsSync(join(real, name))) continue
    const target = join(app, path)
    mkdirSync(dirname(target), { recursive: true })
    const linked = spawnSync('cp', ['-al', join(real, name), target])
    if (linked.status === 0) continue
    rmSync(target, { recursive: true, force: true })
    cpSync(join(real, name), target, { recursive: true, verbatimSymlinks: true })
  }
}

const layFiles = (): void => {
  const hidden = readFileSync(join(projectRoot, '.dockerignore'), 'utf8').split('\n').filter(Boolean)
  for (const path of projectPaths())
    if (!hidden.some((name) => path === name || path.startsWith(`${name}/`)))
      cpSync(join(projectRoot, path), join(app, path))
  cpSync(join(projectRoot, 'dist'), join(app, 'dist'), { recursive: true })
}

before(async () => {
  await buildServer(() => undefined)
  await buildWeb(() => undefined)
  await buildPrograms(() => undefined)
  folder = mkdtempSync(join(tmpdir(), 'fortnight-image-'))
  chmodSync(folder, 0o755)
  app = join(folder, 'app')
  for (const name of ['app', 'bin', 'data']) mkdirSync(join(folder, name))
  if (process.getuid?.() === 0) chownSync(join(folder, 'data'), NOBODY, NOBODY)
  layPackages()
  layFiles()
  const [node = ''] = globSync('node_modules/node-linux-*/bin/node', { cwd: app })
  symlinkSync(join(app, node), join(folder, 'bin', 'node'))
  const said = instructions.filter(({ name }) => name === 'ENV').flatMap(({ rest }) => rest.split(/\s+/))
  env = {
    ...Object.fromEntries(said.map((pair) => pair.split('=', 2) as [string, string])),
    PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
    NODE_COMPILE_CACHE: join(folder, 'data', 'compiled'),
    FORTNIGHT_DATA: join(folder, 'data', 'fortnight'),
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
  }
})
after(async () => {
  if (server) await stopServer(server)
  rmSync(folder, { recursive: true, force: true })
})

const inImage = (): SpawnOptions => ({
  cwd: app,
  env,
  ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
})

const start = (): ServerProcess => {
  const [command = '', ...args] = JSON.parse(
    instructions.findLast(({ name }) => name === 'CMD')?.rest ?? '[]',
  ) as string[]
  const child = spawn(command, args, { ...inImage(), stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)))
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('error', (error) => {
      output += error.message
      resolve(1)
    })
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 1))
  })
  return { url: `http://127.0.0.1:${env['PORT']}`, child, output: () => output, ended }
}

const healthcheck = (): number | null => {
  const { rest = '' } = instructions.findLast(({ name }) => name === 'HEALTHCHECK') ?? {}
  const [command = '', ...args] = JSON.parse(/CMD (\[.*\])$/.exec(rest)?.[1] ?? '[]') as string[]
  return spawnSync(command, args, { ...inImage(), timeout: 30_000 }).status
}

test(
  'it starts with nothing but what is in it, is healthy while it runs and not afterwards',
  onLinux,
  async () => {
    server = start()
    await untilReady(server)
    assert.equal(healthcheck(), 0)
    const page = await fetch(server.url, { headers: { accept: 'text/html' } })
    assert.equal(page.status, 200)
    assert.match(await page.text(), /<script[^>]+type="module"/)
    assert.equal(await stopServer(server), 0)
    server = undefined
    assert.equal(healthcheck(), 1)
  },
)

test('the command line tool is there, too', onLinux, () => {
  const { status, stdout } = spawnSync(join(app, 'bin', 'fortnight'), ['--help'], inImage())
  assert.equal(status, 0)
  assert.match(String(stdout), /record {2,}Open your own shell/)
})
