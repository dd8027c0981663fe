/** Structured logs, one JSON object a line, that never carry a secret. */
import pino from 'pino'

export type Log = pino.Logger

/** Field names whose values never reach a log, wherever they hang. Headers, bodies and addresses are not logged at all. */
const secretFields = ['authorization', 'cookie', 'password', 'token', 'secret', 'key', 'connectionString']

const HIDDEN = '‹hidden›'

/** What looks like a secret in any text, such as the message of an error that quotes what it was given. */
const secretShapes: readonly [RegExp, string][] = [
  [/\bfn[a-z]_[A-Za-z0-9_-]{6,}/g, HIDDEN],
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]+/gi, `$1 ${HIDDEN}`],
  // Each part bounded: unbounded, a long word costs its length squared, and an error may quote what a stranger sent.
  [/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s"@/:\\]{0,300}):[^\s"@\\]{1,4000}@/gi, `$1:${HIDDEN}@`],
  [/(fortnight_session=)[^;\s"\\]+/g, `$1${HIDDEN}`],
]

/** Applied to each finished line, whatever made it. */
export const hideSecrets = (line: string): string =>
  secretShapes.reduce((text, [shape, instead]) => text.replace(shape, instead), line)

/** @param destination where lines go; standard output when absent */
export const openLog = (level: string, role: string, destination?: pino.DestinationStream): Log => {
  const options: pino.LoggerOptions = {
    level,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: HIDDEN },
    hooks: { streamWrite: hideSecrets },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** For tests; FORTNIGHT_TEST_LOG=info shows what a server says. */
export const silentLog = (): Log => pino({ level: process.env['FORTNIGHT_TEST_LOG'] ?? 'silent' })
