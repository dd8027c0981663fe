/** What the operator reads before and after: that it records, for whom, under what, and where it went. */
import type { RecordRequest } from './record-options.ts'
import type { CloseSession } from './server-port.ts'
import type { UploadState } from './upload-session.ts'

const RED = '\x1b[31m'
const BOLD = '\x1b[1m'
const DIM = '\x1b[2m'
const OFF = '\x1b[0m'

export type Standing = {
  readonly environment: string
  readonly kind: RecordRequest['kind']
  readonly decision: string | null
  readonly offline: boolean
  readonly paused: boolean
  readonly broken: boolean
}

/** Stands at each prompt and in the window's title: short, and the same words each time. */
export const labelOf = (standing: Standing): string => {
  const sign = standing.broken ? '○' : standing.paused ? '‖' : '●'
  const under = standing.decision ?? (standing.kind === 'look' ? 'look' : 'BREAK-GLASS')
  const words = [standing.environment, under]
  if (standing.broken) words.push('NOT RECORDED')
  if (standing.paused) words.push('PAUSED')
  if (standing.offline) words.push('offline')
  return `${sign} ${words.join(' ')}`
}

export const banner = (request: RecordRequest, offlineReason: string | null, waiting: number): string => {
  const lines = [
    `${RED}●${OFF} ${BOLD}recording${OFF}  ${BOLD}${request.environment}${OFF}  ${purpose(request)}`,
  ]
  if (offlineReason !== null) {
    lines.push(
      `  ${BOLD}The server cannot be reached${OFF} (${offlineReason}).`,
      '  This session is break-glass: it is kept on this machine, uploaded later, and owes a decision.',
    )
  } else if (request.kind === 'break-glass') lines.push('  Break-glass: this session owes a decision.')
  else if (request.kind === 'look') lines.push('  Looking. Before you change anything: `fortnight decide`.')
  lines.push(
    `  ${DIM}What this shell shows is recorded, with secrets cut out first; what you type unseen is not.${OFF}`,
    `  ${DIM}\`exit\` ends it. \`fortnight record --pause "why"\` pauses it.${OFF}`,
  )
  if (waiting > 0)
    lines.push(
      `  ${DIM}${count(waiting, 'earlier session')} on this machine will be uploaded meanwhile.${OFF}`,
    )
  return `${lines.join('\n')}\n\n`
}

const purpose = (request: RecordRequest): string => {
  const about = request.alertId ?? request.incidentId
  const regarding =
    about === undefined ? '' : ` at ${request.alertId === undefined ? 'incident' : 'alert'} ${about}`
  switch (request.kind) {
    case 'decided':
      return `decision ${BOLD}${request.decision}${OFF}${regarding}`
    case 'look':
      return `look${regarding}`
    case 'break-glass':
      return `${RED}break-glass${OFF}${regarding}: ${request.why}`
  }
}

export const closingWords = (
  label: string,
  close: CloseSession,
  upload: UploadState,
  directory: string,
): string => {
  const secrets = Object.values(close.redactions).reduce((sum, n) => sum + n, 0)
  const facts = [
    duration(close.durationMs),
    close.shellMarks ? count(close.commands.length, 'command') : 'commands not listed',
    ...(secrets > 0 ? [`secrets cut out in ${count(secrets, 'place')}`] : []),
    ...(close.pauses.length > 0 ? [`paused ${count(close.pauses.length, 'time')}`] : []),
    ...(close.forgedMarks > 0 ? [`${count(close.forgedMarks, 'forged mark')} ignored`] : []),
  ]
  return `\n○ ${BOLD}recording ended${OFF}  ${label}  ${DIM}${facts.join(' · ')}${OFF}\n  ${whereabouts(upload, directory)}\n`
}

const whereabouts = (upload: UploadState, directory: string): string => {
  switch (upload.kind) {
    case 'closed':
      return upload.closed.url === undefined ? 'Uploaded.' : `Uploaded: ${upload.closed.url}`
    case 'refused':
      return `${RED}The server refused it${OFF}: ${upload.fault.detail}. It is kept in ${directory}`
    case 'unreachable':
      return `Not uploaded yet: ${upload.fault.detail}.\n  It waits in ${directory}; the next \`fortnight record\` or \`fortnight record --upload\` sends it.`
    case 'working':
      return `Not wholly uploaded yet. It waits in ${directory}; \`fortnight record --upload\` sends the rest.`
  }
}

export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

export const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const size = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
