/** What an alarm says to a person, what they can do about it, and the mail that tells administrators of it. */
import { catalogue } from '../platform/messages/catalogue.ts'

export const say = catalogue('watch', {
  'promise-without-outcome': 'Messages of a page were promised and have no outcome',
  'promise-without-outcome-advice':
    'Look at the page and tell people yourself. Is an engine process running, and does the mail server answer?',
  'step-late': 'A page has not gone on to its next step',
  'step-late-advice': 'Look at the page and tell people yourself. Is an engine process running?',
  'nobody-told': 'A page rings and nobody has been told by mail or push',
  'nobody-told-advice':
    'Look at the page and tell people yourself. Check SMTP_URL and who has a browser registered.',
  'no-engine': 'No engine process is alive: nothing is sent and nothing escalates',
  'no-engine-advice': 'Start Fortnight again, or the process with the role engine, and look at its log.',
  'tasks-parked': 'Tasks have failed for good',
  'tasks-parked-advice':
    'Look at the log of the engine for this kind of task; they wait until somebody has mended the cause.',
  'evidence-late': 'Evidence waits to be written into the ledger',
  'evidence-late-advice':
    'Is an engine process running, and are its key files there? Until then packs end where the ledger ends.',
  'clock-skew': 'A machine’s clock is wrong',
  'clock-skew-advice': 'Let it follow a time server (chrony or systemd-timesyncd).',
  'mail-off': 'No mail server is set, and people depend on mail to be paged',
  'mail-off-advice': 'Set SMTP_URL (docs/config.md), or let everybody register a browser for notifications.',
  'engine-idle': 'An engine process lives and claims nothing: nothing is sent and nothing escalates',
  'engine-idle-advice': 'Look at the log of the engine, and start it again.',
  'empty-schedule': 'Nobody is on call in a rota that pages go to',
  'empty-schedule-advice':
    'Cover the time under On call, or say with an override that nobody is meant. Until then pages go to the fallback.',
  'unverified-contact': 'Somebody is on call whom nothing proven reaches',
  'unverified-contact-advice':
    'Let them add a way under Settings, How I am reached, and prove it; or ring a drill, so that their mail is proven.',
  'drill-missed': 'A paging drill was missed',
  'drill-missed-advice':
    'Look under On call, Drills, how far it came; mend that, and ring another. The alarm ends when one is taken.',
  'database-away': 'The database does not answer: no alert can be received and nobody is paged',
  'database-away-advice':
    'Is PostgreSQL running? Alertmanager keeps what it could not deliver and sends it again. See also {address}.',
  'other-advice': 'Look at the log of the watch process.',
  'title-about': '{title} ({subject})',
  subject: '[Fortnight alarm] {title}',
  'subject-more': {
    one: '[Fortnight alarm] {title} (and {count} more)',
    other: '[Fortnight alarm] {title} (and {count} more)',
  },
  since: 'since {when}: {detail}',
  'more-of-kind': { one: 'and {count} more of the kind', other: 'and {count} more of the kind' },
  'what-to-do': 'What to do: {advice}',
  'all-alarms': 'All alarms: {address}',
  'who-writes':
    'Written by the watch process, which looks after paging itself; it writes about the same thing every 15 minutes at most.',
})
