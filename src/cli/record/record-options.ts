/** What the operator asked of `fortnight record`, checked before anything starts. */
import { parseArgs } from 'node:util'
import { plainText } from './plain-text.ts'
import type { RecordingKind } from './server-port.ts'

export type RecordRequest = {
  readonly verb: 'record'
  readonly kind: RecordingKind
  readonly environment: string
  readonly decision?: string
  readonly alertId?: string
  readonly incidentId?: string
  readonly why?: string
  readonly shell?: string
  /** Given on the command line, the question at the end is not asked. */
  readonly summary?: string
  readonly asks: boolean
}

export type RecordOptions =
  | RecordRequest
  | { readonly verb: 'upload' | 'list' | 'help' }
  | { readonly verb: 'resume' }
  | { readonly verb: 'pause'; readonly why: string }
  | { readonly verb: 'redact-last'; readonly seconds: number; readonly why: string }
  | { readonly verb: 'wrong'; readonly detail: string }

export const USAGE = `Usage: fortnight record --environment NAME --decision D-12     make a change that was decided
       fortnight record --environment NAME --look              look; no decision needed
                        [--alert ID | --incident ID]
       fortnight record --environment NAME --break-glass "WHY" act now, owe the decision
       fortnight record --list                                 what waits on this machine
       fortnight record --upload                               upload it now

In a recorded shell:
       fortnight record --pause "WHY"                          stop recording; the gap is shown
       fortnight record --resume                               go on
       fortnight record --redact-last 20s ["WHY"]              cut what was just shown

Options: --shell PATH   another shell than $SHELL (marks for bash, zsh and fish)
         --summary TEXT what you did, for the Operator Log
         --no-questions ask nothing at the end
`

export const readRecordOptions = (argv: readonly string[]): RecordOptions => {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(argv)
  } catch (error) {
    return wrong(error instanceof Error ? error.message.split('. To specify')[0]! : String(error))
  }
  const { values, positionals } = parsed
  if (values.help === true) return { verb: 'help' }
  const verbs = (['upload', 'list', 'pause', 'resume', 'redact-last'] as const).filter(
    (name) => values[name] !== undefined,
  )
  if (verbs.length > 1) return wrong(`--${verbs.join(' and --')} exclude each other`)
  const verb = verbs[0]
  if (verb !== 'redact-last' && positionals.length > 0)
    return wrong(`What is "${positionals[0]}"? The shell is started without a command`)
  if (verb === undefined) return readRequest(values)
  switch (verb) {
    case 'pause':
      return values.pause === ''
        ? wrong('--pause needs a reason: it is shown at the gap')
        : { verb, why: plainText(values.pause!, 500) }
    case 'redact-last':
      return readRedactLast(values['redact-last']!, positionals)
    case 'resume':
      return { verb }
    case 'upload':
    case 'list':
      return { verb }
  }
}

type Values = ReturnType<typeof parse>['values']

const parse = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      environment: { type: 'string', short: 'e' },
      decision: { type: 'string', short: 'd' },
      look: { type: 'boolean' },
      'break-glass': { type: 'string' },
      alert: { type: 'string' },
      incident: { type: 'string' },
      shell: { type: 'string' },
      summary: { type: 'string' },
      'no-questions': { type: 'boolean' },
      upload: { type: 'boolean' },
      list: { type: 'boolean' },
      pause: { type: 'string' },
      resume: { type: 'boolean' },
      'redact-last': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })

const readRequest = (values: Values): RecordOptions => {
  const { environment, decision, alert, incident } = values
  const why = values['break-glass']
  const ways = [decision !== undefined, values.look === true, why !== undefined].filter(Boolean).length
  if (environment === undefined || environment === '')
    return wrong('Which environment? Add --environment NAME')
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(environment))
    return wrong(`"${environment}" is no environment's name`)
  if (ways === 0) {
    return wrong(
      'A change needs a decision: --decision D-12. To look, --look. In an emergency, --break-glass "why"',
    )
  }
  if (ways > 1) return wrong('--decision, --look and --break-glass exclude each other')
  if (decision === '') return wrong('--decision needs a number such as D-12')
  if (why !== undefined && why.trim() === '') return wrong('--break-glass needs a reason')
  if (alert !== undefined && incident !== undefined) return wrong('--alert and --incident exclude each other')
  return {
    verb: 'record',
    kind: decision !== undefined ? 'decided' : why !== undefined ? 'break-glass' : 'look',
    environment,
    ...(decision === undefined ? {} : { decision }),
    ...(why === undefined ? {} : { why: plainText(why, 2_000) }),
    ...(alert === undefined ? {} : { alertId: alert }),
    ...(incident === undefined ? {} : { incidentId: incident }),
    ...(values.shell === undefined ? {} : { shell: values.shell }),
    ...(values.summary === undefined ? {} : { summary: plainText(values.summary, 2_000) }),
    asks: values['no-questions'] !== true,
  }
}

const readRedactLast = (length: string, positionals: readonly string[]): RecordOptions => {
  const match = /^(\d{1,5})(s|m)?$/.exec(length)
  const seconds = match === null ? 0 : Number(match[1]) * (match[2] === 'm' ? 60 : 1)
  if (seconds === 0) return wrong(`--redact-last needs a length such as 20s or 2m, not "${length}"`)
  return { verb: 'redact-last', seconds, why: plainText(positionals.join(' '), 500) || 'not said' }
}

const wrong = (detail: string): RecordOptions => ({ verb: 'wrong', detail })
