/** README.html of a pack: the register an auditor reads, in one file that needs neither network nor script. */
import { html, type Html } from '../../platform/http/html.ts'
import { readmeStyle } from './readme-style.ts'
import { fieldsHtml, saying, timeText, typeText, valueHtml, wordsOf, type Names } from './readme-values.ts'
import type { RegisterEntry } from './register.ts'

export type ReadmeLog = {
  readonly place: string
  readonly title: string
  readonly log: string
  readonly environmentId: string | null
  readonly origin: string
  readonly from: number
  readonly to: number
  readonly size: number
  readonly windows: number
  readonly windowsWithoutRows: number
}

export type Readme = {
  readonly id: string
  readonly organisation: string
  readonly title: string
  readonly customer: string | null
  readonly requester: string
  readonly purpose: string
  readonly createdAt: number
  readonly period: { readonly from: number; readonly to: number }
  readonly logs: readonly ReadmeLog[]
  readonly register: readonly RegisterEntry[]
  /** Names of people and keys by id: entries name them by it. */
  readonly people: Names
  readonly actors: readonly { readonly actor: string; readonly name: string }[]
}

type Section = {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly streams: readonly string[]
}

const SECTIONS: readonly Section[] = [
  {
    id: 'decisions',
    title: 'Decision Log',
    about:
      'What was decided, why, by whom and with whom, before or after the change; each amendment is an entry of its own.',
    streams: ['decision'],
  },
  {
    id: 'operator-log',
    title: 'Operator Log',
    about:
      'Recorded shells and what was written about them. A recording shows what was shown on the terminal; it is a gzip file of asciicast v3: gunzip -c file.cast | asciinema play -',
    streams: ['log-entry', 'session'],
  },
  {
    id: 'incidents',
    title: 'Incidents',
    about: 'How each incident was observed, understood, decided on and ended.',
    streams: ['incident'],
  },
  {
    id: 'pages',
    title: 'Pages',
    about: 'Who was to be woken by what, on which channel, with which outcome, and who took it.',
    streams: ['page', 'alert'],
  },
]

/** They hold no words for people, and there may be thousands: counted above, and whole in register.csv. */
const COUNTED = new Set(['observations.sealed', 'log.checkpointed'])

/** A page of more is none that anybody reads, nor one that a browser opens. */
const MOST_IN_A_SECTION = 2_000

const restOf = (count: number): Html | '' =>
  count > MOST_IN_A_SECTION
    ? html`<p>${count - MOST_IN_A_SECTION} more are in <a href="register.csv">register.csv</a>.</p>`
    : ''

const streamKindOf = ({ type }: RegisterEntry): string => type.slice(0, type.indexOf('.'))

const anchor = ({ log, number }: Pick<RegisterEntry, 'log' | 'number'>): string =>
  `e-${log.slice(-6)}-${number}`

const recordingOf = (entry: RegisterEntry): Html | '' => {
  const session = entry.refs.find(([kind]) => kind === 'session')?.[1]
  if (!session || !entry.files.some(({ kind }) => kind === 'cast.chunk')) return ''
  return html` · <a href="log/${entry.log}/casts/${session}.cast">recording</a>`
}

const filesOf = ({ files }: RegisterEntry): Html[] =>
  files
    .filter(({ kind }) => !kind.startsWith('cast.'))
    .map(({ kind, h }) => html` · <a href="blobs/${h}">${kind}</a>`)

const entryHtml = (entry: RegisterEntry, people: Names): Html =>
  html`<div id="${anchor(entry)}">
    <h4>${typeText(entry.type)}</h4>
    <p class="dim">
      <time>${timeText(entry.at)}</time> · ${entry.actorName} · ${entry.via} ·
      <span class="number">${entry.place} no. ${entry.number}</span>${recordingOf(entry)}${filesOf(entry)}
    </p>
    ${
      Object.keys(entry.body).length + entry.erased.length > 0
        ? fieldsHtml(entry.body, people, entry.erased)
        : ''
    }
  </div>`

const titleOf = (entries: readonly RegisterEntry[]): string =>
  entries.find(({ headline }) => headline !== '')?.headline ?? typeText(entries[0]?.type ?? '.')

const sectionHtml = (section: Section, register: readonly RegisterEntry[], people: Names): Html => {
  const entries = register.filter((entry) => section.streams.includes(streamKindOf(entry)))
  const groups = [...Map.groupBy(entries, (entry) => `${entry.log} ${entry.stream}`).values()]
  return html`<h2 id="${section.id}">${section.title}</h2>
    <p class="dim">${section.about}</p>
    ${groups.length === 0 ? html`<p>None in this period.</p>` : ''}
    ${groups.slice(0, MOST_IN_A_SECTION).map(
      (group) =>
        html`<section class="card">
          <h3>${titleOf(group)}</h3>
          ${group.map((entry) => entryHtml(entry, people))}
        </section>`,
    )}
    ${restOf(groups.length)}`
}

const othersHtml = (register: readonly RegisterEntry[], people: Names): Html => {
  const told = new Set(SECTIONS.flatMap(({ streams }) => streams))
  const others = register.filter((entry) => !told.has(streamKindOf(entry)) && !COUNTED.has(entry.type))
  return html`<h2 id="others">Everything else</h2>
    <p class="dim">
      Environments and their keys, exports of evidence, erasures, and whatever else was recorded.
    </p>
    <table>
      <thead>
        <tr>
          <th>No.</th>
          <th>When</th>
          <th>What</th>
          <th>Who</th>
          <th>Said</th>
        </tr>
      </thead>
      <tbody>
        ${others.slice(0, MOST_IN_A_SECTION).map(
          (entry) =>
            html`<tr id="${anchor(entry)}">
              <td class="number">${entry.place} ${entry.number}</td>
              <td><time>${timeText(entry.at)}</time></td>
              <td>${typeText(entry.type)}</td>
              <td>${entry.actorName}</td>
              <td>
                ${saying(entry.body).map(
                  ([name, value]) =>
                    html`<div>
                      <span class="dim">${wordsOf(name)}:</span> ${valueHtml(name, value, people)}
                    </div>`,
                )}
                ${entry.erased.map((name) => html`<div class="dim">${wordsOf(name)}: erased</div>`)}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${restOf(others.length)}`
}

const countsHtml = (register: readonly RegisterEntry[]): Html => {
  const counts = [...Map.groupBy(register, ({ type }) => type)].map(
    ([type, entries]) => [type, entries.length] as const,
  )
  counts.sort(([a], [b]) => (a < b ? -1 : 1))
  return html`<table>
    <tbody>
      ${counts.map(
        ([type, count]) =>
          html`<tr>
            <td>${typeText(type)}</td>
            <td class="number">${count}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

const logHtml = (log: ReadmeLog): Html =>
  html`<section class="card">
    <h3>${log.title}</h3>
    <dl>
      <dt>Entries</dt>
      <dd>
        ${log.to - log.from === 0 ? 'none' : `numbers ${log.from} to ${log.to - 1}`}, all there are between
        them; the signed end counts ${log.size}
      </dd>
      <dt>Received alerts</dt>
      <dd>
        ${log.windows} sealed
        ${log.windows === 1 ? 'window' : 'windows'}${log.windowsWithoutRows > 0 ? `; the rows of the ${log.windowsWithoutRows} oldest are not in this pack` : ''}
      </dd>
      <dt>Log</dt>
      <dd><code>${log.origin}</code></dd>
    </dl>
  </section>`

const checkHtml = html`<h2 id="check">How to check this pack</h2>
  <p>
    This page is for reading. What is proved is proved by the files beside it: nothing was added, removed or
    changed after it was recorded. Check that with the keys that reached you by another way than this pack (an
    annex to the contract, a letter), not with <code>keys.txt</code> in it:
  </p>
  <pre>fortnight verify pack.zip --policy keys-from-the-contract.txt</pre>
  <p>
    Exit 0: whole, unchanged, and signed by those you trust. 1: tampered. 2: something is not established.
    Keep
    <code>log/…/checkpoint.end</code>: given to the next verification with <code>--since</code>, it fixes
    history up to today. How to check without our program is written in docs/audit-pack.md of the source.
  </p>
  <p class="dim">
    Not proved by any pack: that what was recorded is true, and the names behind pseudonyms. Times are UTC.
    <code>register.csv</code> holds every entry, a line each.
  </p>`

const headHtml = (readme: Readme): Html =>
  html`<h1>${readme.title}</h1>
    <p class="dim">Audit pack of ${readme.organisation}</p>
    <dl>
      <dt>Period</dt>
      <dd>from ${timeText(readme.period.from)} up to ${timeText(readme.period.to)} UTC</dd>
      ${
        readme.customer === null
          ? ''
          : html`<dt>Customer</dt>
              <dd>${readme.customer}</dd>`
      }
      <dt>Purpose</dt>
      <dd class="prose">${readme.purpose}</dd>
      <dt>Requested by</dt>
      <dd>${readme.requester}</dd>
      <dt>Made</dt>
      <dd>${timeText(readme.createdAt)} UTC</dd>
      <dt>Pack</dt>
      <dd><code>${readme.id}</code></dd>
    </dl>`

const actorsHtml = ({ actors }: Readme): Html =>
  html`<h2 id="people">Who is who</h2>
    <p class="dim">The log holds pseudonyms; these are the names in the directory when this pack was made.</p>
    <table>
      <tbody>
        ${actors.map(
          ({ actor, name }) =>
            html`<tr>
              <td>${name}</td>
              <td><code>${actor}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>`

/** Entries name decisions, incidents and environments by id, too; a reader knows them as D-12 and acme-prod. */
const namesOf = ({ register, people, logs }: Readme): Names => {
  const numbers = register.flatMap(({ stream, body }) =>
    typeof body['number'] === 'string' ? [[stream, body['number']] as const] : [],
  )
  const places = logs.flatMap(({ environmentId, place }) =>
    environmentId === null ? [] : [[environmentId, place] as const],
  )
  return new Map([...numbers, ...places, ...people])
}

export const readmeOf = (readme: Readme): string => {
  const { register } = readme
  const people = namesOf(readme)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${readme.title}</title>
        <style>
          ${readmeStyle}
        </style>
      </head>
      <body>
        <main>
          ${headHtml(readme)}
          <nav>
            <ul>
              ${SECTIONS.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
              <li><a href="#others">Everything else</a></li>
              <li><a href="#people">Who is who</a></li>
              <li><a href="#check">How to check this pack</a></li>
            </ul>
          </nav>
          <h2 id="shown">What is shown</h2>
          ${readme.logs.map(logHtml)} ${countsHtml(register)}
          ${SECTIONS.map((section) => sectionHtml(section, register, people))} ${othersHtml(register, people)}
          ${actorsHtml(readme)} ${checkHtml}
        </main>
      </body>
    </html>`.html
}
