/** What other commands ask of a recorder that may be running around them: `fortnight decide` attaches its decision here. */
import { connect } from 'node:net'
import type { InsideReply, InsideRequest } from './control-socket.ts'

type Environment = Readonly<Record<string, string | undefined>>

export const SESSION_VARIABLE = 'FORTNIGHT_SESSION'
export const SOCKET_VARIABLE = 'FORTNIGHT_RECORDER_SOCK'

const REPLY_TIMEOUT_MS = 20_000
const REPLY_MAX_BYTES = 64 * 1024

/** Whether the environment says that this process runs in a recorded shell. The recorder may be gone all the same. */
export const isInsideRecording = (env: Environment): boolean =>
  (env[SESSION_VARIABLE] ?? '') !== '' && (env[SOCKET_VARIABLE] ?? '') !== ''

/** From the next prompt on, the session is a change under this decision. */
export const attachDecision = (env: Environment, decision: string): Promise<InsideReply> =>
  askRecorder(env, { verb: 'attach-decision', decision })

/** Nothing is recorded until `resumeRecording`; the gap and its reason are. */
export const pauseRecording = (env: Environment, why: string): Promise<InsideReply> =>
  askRecorder(env, { verb: 'pause', why })

export const resumeRecording = (env: Environment): Promise<InsideReply> =>
  askRecorder(env, { verb: 'resume' })

/** Cuts what is still on this machine and asks the server to cut the rest. */
export const redactLast = (env: Environment, seconds: number, why: string): Promise<InsideReply> =>
  askRecorder(env, { verb: 'redact-last', seconds, why })

export const recordingStatus = (env: Environment): Promise<InsideReply> =>
  askRecorder(env, { verb: 'status' })

/** Never rejects: no recorder is an answer too (`not-recording`). */
const askRecorder = (env: Environment, request: InsideRequest): Promise<InsideReply> =>
  new Promise((resolve) => {
    const path = env[SOCKET_VARIABLE]
    if (path === undefined || path === '') {
      resolve({ ok: false, code: 'not-recording', detail: 'This shell is not being recorded' })
      return
    }
    const socket = connect(path)
    let text = ''
    const fail = (code: string, detail: string): void => {
      socket.destroy()
      resolve({ ok: false, code, detail })
    }
    socket.setEncoding('utf8')
    socket.setTimeout(REPLY_TIMEOUT_MS, () => fail('recorder-silent', 'The recorder does not answer'))
    socket.on('error', () =>
      fail('not-recording', 'The recorder of this shell is gone: nothing is being recorded'),
    )
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (piece: string) => {
      text += piece
      if (text.length > REPLY_MAX_BYTES) fail('odd-reply', 'The recorder’s answer is too long')
    })
    socket.on('end', () => {
      const reply = readReply(text)
      if (reply === null) fail('odd-reply', 'The recorder’s answer cannot be read')
      else resolve(reply)
    })
  })

const readReply = (text: string): InsideReply | null => {
  try {
    const value = JSON.parse(text) as InsideReply
    return typeof value.ok === 'boolean' && typeof value.detail === 'string' ? value : null
  } catch {
    return null
  }
}
