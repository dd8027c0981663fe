/** What draws pictures may fail, die or be idle; whoever wants one is told, and the next gets another. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { keepPainter } from './picture-painter.ts'

const folder = mkdtempSync(join(tmpdir(), 'fn-painter-'))
const program = join(folder, 'painter.mjs')
/** Draws the answer to one question and who it is; what it is answered decides whether it fails or dies. */
writeFileSync(
  program,
  `process.on('message', (message) => {
    if (message.kind === 'draw')
      return process.send({ kind: 'question', picture: message.picture, question: 7, url: '/api/me' })
    const { picture, text, status } = message
    if (text === 'die') process.exit(3)
    if (text === 'fail') return process.send({ kind: 'failed', picture, detail: 'no paint' })
    const answers = JSON.stringify({ status, pid: process.pid, secrets: Object.keys(process.env) })
    process.send({ kind: 'drawn', picture, drawn: { html: text, answers } })
  })
  process.on('disconnect', () => process.exit())`,
)
after(() => rmSync(folder, { recursive: true }))

const answering = (text: string) => ({ ask: async () => ({ status: 200, text }), narrow: false })
const aboutOf = (drawn: { answers: string } | undefined) =>
  JSON.parse(drawn?.answers ?? '{}') as { pid: number; status: number; secrets: string[] }

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

test('each picture is drawn from the answers to who wanted it, several at once', async () => {
  const painter = keepPainter(program)
  const drawn = await Promise.all(['ada', 'bo', 'cleo'].map((name) => painter.draw(answering(name))))
  assert.deepEqual(
    drawn.map((each) => each?.html),
    ['ada', 'bo', 'cleo'],
  )
  assert.equal(new Set(drawn.map((each) => aboutOf(each).pid)).size, 1)
  painter.stop()
})

test('nothing of ours is in the environment of what draws', async () => {
  process.env['DATABASE_URL_FOR_TEST'] = 'secret'
  const painter = keepPainter(program)
  const { secrets } = aboutOf(await painter.draw(answering('ada')))
  painter.stop()
  assert.ok(secrets.includes('NODE_ENV'))
  assert.deepEqual(
    secrets.filter((name) => /DATABASE|KEY|SECRET|URL|FORTNIGHT/.test(name)),
    [],
  )
})

test('a question that fails is answered with a failure, not with silence', async () => {
  const painter = keepPainter(program)
  const drawn = await painter.draw({ ask: () => Promise.reject(new Error('no database')), narrow: false })
  assert.equal(aboutOf(drawn).status, 503)
  painter.stop()
})

test('who wanted a picture is told when the drawing fails or dies, and the next one is drawn', async () => {
  const painter = keepPainter(program)
  await assert.rejects(painter.draw(answering('fail')), /no paint/)
  await assert.rejects(painter.draw(answering('die')), /ended with 3/)
  assert.equal((await painter.draw(answering('ada')))?.html, 'ada')
  painter.stop()
})

test('it ends when nobody wants a picture for a while, and begins again', async () => {
  const painter = keepPainter(program, { idleMs: 20 })
  const { pid } = aboutOf(await painter.draw(answering('ada')))
  // Its timer keeps no process alive: we wait for it.
  while (!isGone(pid)) await pause(10)
  const again = aboutOf(await painter.draw(answering('bo')))
  assert.notEqual(again.pid, pid)
  painter.stop()
})

test('a program that is not there is an error, not a hang', async () => {
  const painter = keepPainter(join(folder, 'none.mjs'))
  await assert.rejects(painter.draw(answering('ada')), /ended with 1/)
  painter.stop()
})

const programOf = (name: string, text: string): string => {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, text)
  return file
}

test('a channel that was closed while its process lives on fails each picture and ends nothing else', async () => {
  const closing = `process.on('message', () => process.connected && process.disconnect()); setInterval(() => {}, 1_000)`
  const painter = keepPainter(programOf('closing', closing))
  const ends: string[] = []
  const want = (name: string): Promise<unknown> =>
    painter.draw(answering(name)).then(
      () => ends.push('drawn'),
      ({ message }: Error) => ends.push(message),
    )
  const wanted = [want('ada')]
  // Two of one moment, until they meet the closed channel.
  for (; ends.length === 0; await pause(10)) wanted.push(want('bo'), want('cleo'))
  await Promise.all(wanted)
  assert.deepEqual([...new Set(ends)], ['Channel closed'])
  painter.stop()
})

test('what draws for ever is ended, and who waited is told', async () => {
  const painter = keepPainter(programOf('endless', `process.on('message', () => { for (;;); })`), {
    longestMs: 300,
  })
  const waiting = ['ada', 'bo'].map((name) =>
    assert.rejects(painter.draw(answering(name)), /ended with SIGKILL/),
  )
  await Promise.all(waiting)
  painter.stop()
})
