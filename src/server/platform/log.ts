/** Structured logs, one JSON object a line, that never carry a secret. */
import pino from 'pino'

export type Log = pino.Logger

/** Field names whose values never reach a log, wherever they hang. Headers and bodies are not logged at all. */
const secretFields = ['authorization', 'cookie', 'password', 'token', 'secret', 'key', 'connectionString']

export const openLog = (level: string, role: string): Log =>
  pino({
    level,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '‹hidden›' },
  })

/** For tests; FORTNIGHT_TEST_LOG=info shows what a server says. */
export const silentLog = (): Log => pino({ level: process.env['FORTNIGHT_TEST_LOG'] ?? 'silent' })
