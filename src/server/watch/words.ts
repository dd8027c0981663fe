/** What an alarm says to a person, and what they can do about it. */
import type { AlarmKind } from '../../contract/watch.ts'

type Words = { readonly title: string; readonly advice: string }

const words: Readonly<Record<AlarmKind, Words>> = {
  'promise-without-outcome': {
    title: 'Messages of a page were promised and have no outcome',
    advice:
      'Look at the page and tell people yourself. Is an engine process running, and does the mail server answer?',
  },
  'step-late': {
    title: 'A page has not gone on to its next step',
    advice: 'Look at the page and tell people yourself. Is an engine process running?',
  },
  'nobody-told': {
    title: 'A page rings and nobody has been told by mail or push',
    advice: 'Look at the page and tell people yourself. Check SMTP_URL and who has a browser registered.',
  },
  'no-engine': {
    title: 'No engine process is alive: nothing is sent and nothing escalates',
    advice: 'Start Fortnight again, or the process with the role engine, and look at its log.',
  },
  'tasks-parked': {
    title: 'Tasks have failed for good',
    advice:
      'Look at the log of the engine for this kind of task; they wait until somebody has mended the cause.',
  },
  'evidence-late': {
    title: 'Evidence waits to be written into the ledger',
    advice:
      'Is an engine process running, and are its key files there? Until then packs end where the ledger ends.',
  },
  'clock-skew': {
    title: 'A machine’s clock is wrong',
    advice: 'Let it follow a time server (chrony or systemd-timesyncd).',
  },
  'mail-off': {
    title: 'No mail server is set, and people depend on mail to be paged',
    advice: 'Set SMTP_URL (docs/config.md), or let everybody register a browser for notifications.',
  },
}

/** Kinds of newer versions may stand in the table while an older one reads it. */
export const wordsOf = (kind: string): Words =>
  words[kind as AlarmKind] ?? { title: kind, advice: 'Look at the log of the watch process.' }

export const isAboutAPage = (kind: string): boolean =>
  kind === 'promise-without-outcome' || kind === 'step-late' || kind === 'nobody-told'
