/** A recorded shell as the recorder would send it: a small asciicast in chunks, with hashes and a running head. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { nextHead } from '../domain/operations/operator-log/recording/chunk-head.ts'
import type { AlertKind } from './alerts.ts'

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

type Line = readonly [command: string, output: string]
export type Typed = {
  readonly n: number
  readonly command: string
  readonly cwd: string
  readonly context: string
  readonly startedAt: number
  readonly durationMs: number
  readonly exitCode: number
}
export type Chunk = {
  readonly n: number
  readonly bytes: Buffer
  readonly sha256: string
  readonly head: string
  readonly recordedAt: number
}
export type Session = {
  readonly chunks: readonly Chunk[]
  readonly head: string
  readonly durationMs: number
  readonly commands: readonly Typed[]
}

const TYPING_S = 1.4
const THINKING_S = 6

/** @param environment shown in the prompt and as the context */
export const shellSession = (
  environment: string,
  host: string,
  lines: AlertKind['commands'],
  startedAt: number,
): Session => {
  const prompt = `\u001b[32m${host}\u001b[0m:\u001b[34m~\u001b[0m (${environment}) $ `
  const commands: Typed[] = []
  let at = 0.2
  const event = (after: number, code: string, text: string): string => {
    at += after
    return `${JSON.stringify([Number(after.toFixed(3)), code, text])}\n`
  }
  const play = ([command, output]: Line, index: number): string => {
    const typed =
      event(THINKING_S, 'o', prompt) + event(TYPING_S, 'o', `${command}\r\n`) + event(0, 'm', command)
    commands.push({
      n: index + 1,
      command,
      cwd: '~',
      context: environment,
      startedAt: startedAt + Math.round(at * 1000),
      durationMs: 800,
      exitCode: 0,
    })
    return typed + event(0.8, 'o', output)
  }
  const header = `${JSON.stringify({ version: 3, term: { cols: 100, rows: 28 }, timestamp: Math.floor(startedAt / 1000) })}\n`
  const texts = [
    header + event(0.2, 'o', `● recording · ${environment}\r\n`),
    ...lines.map(play),
    event(2, 'o', `${prompt}exit\r\n`) + event(0.1, 'x', '0'),
  ]
  let head: Uint8Array = new Uint8Array(32)
  const chunks = texts.map((text, n): Chunk => {
    const bytes = gzipSync(text)
    const digest = sha256(bytes)
    head = nextHead(head, digest, sha256)
    return {
      n,
      bytes,
      sha256: Buffer.from(digest).toString('hex'),
      head: Buffer.from(head).toString('hex'),
      recordedAt: startedAt + n * 5_000,
    }
  })
  return { chunks, head: Buffer.from(head).toString('hex'), durationMs: Math.round(at * 1000), commands }
}
