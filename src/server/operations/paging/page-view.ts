/** The page at 03:12: what, whose cluster, how bad, since when, what changed last, what now. Plain HTML, under 20 kB, no script. */
import { storable } from '../../../domain/operations/alerts/storable-text.ts'
import type { Delivery } from '../../../domain/operations/paging/delivery.ts'
import type { Channel } from '../../../domain/operations/paging/intent.ts'
import { html, trusted, type Html } from '../../platform/http/html.ts'
import { plainPage } from '../../platform/http/plain-page.ts'
import { languageOf, type Reader } from '../../platform/messages/languages.ts'
import { lengthFor, momentFor } from '../../platform/messages/moments.ts'
import type { IntentStatus } from './intent-store.ts'
import { say } from './messages.ts'
import { priorityName } from './present.ts'
import type { PageListRow } from './store.ts'

export type PageViewAlert = {
  readonly name: string
  readonly summary: string
  readonly priority: number
  readonly status: string
  readonly starts_at: number
  readonly annotations: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

export type PageView = {
  readonly page: PageListRow
  readonly alerts: readonly PageViewAlert[]
  readonly told: readonly {
    readonly name: string
    readonly channel: Channel
    readonly status: IntentStatus
    readonly delivery: Delivery | null
    readonly at: number
  }[]
  readonly lastChanges: readonly { readonly at: number; readonly what: string }[]
  readonly nextStepAt: number | null
  readonly reader: Reader
  readonly now: number
  /** The form that takes the page; absent when it is taken or the reader may not. */
  readonly acknowledge: { readonly action: string; readonly token?: string; readonly as: string } | undefined
  readonly notice?: string
}

const SHOWN_ALERTS = 12
const SHOWN_CHANGES = 5
/** Names of rules and of people are anybody's; whatever they are, the page stays readable on one bar of signal. */
const LONGEST = { title: 160, name: 100, text: 200 } as const
const MOST_BYTES = { alerts: 8_000, changes: 2_500, told: 2_000 } as const

const style = trusted(
  '<style>.rows{list-style:none;padding:0}.rows li{border-top:1px solid var(--line);padding:.55rem 0;margin:0}' +
    '.by{display:flex;justify-content:space-between;gap:.8rem}.by :first-child{overflow-wrap:anywhere;min-width:0}' +
    '.by :last-child{flex:none}.rows .dim{white-space:nowrap}.rows a{display:inline-block;padding:.35rem 0}' +
    '.button.quiet{background:none;color:var(--fg);border:1px solid var(--line)}</style>',
)

const short = (text: string, longest: number): string =>
  text.length > longest ? `${storable(text, longest)}…` : text

/** As many as fit: escaped text is up to six times as long as it looks, so bytes are counted and not letters. */
const fitting = (pieces: readonly Html[], mostBytes: number): Html[] => {
  let left = mostBytes
  const kept: Html[] = []
  for (const piece of pieces) {
    left -= Buffer.byteLength(piece.html)
    if (left < 0) break
    kept.push(piece)
  }
  return kept
}

const lengthSince = (view: PageView, at: number): string => lengthFor(view.reader, view.now - at)
const ago = (view: PageView, at: number): string => say(view.reader, 'ago', { length: lengthSince(view, at) })

/** The age first: that is what a tired reader looks for. */
const when = (view: PageView, at: number): Html =>
  html`${ago(view, at)} <span class="dim">· ${momentFor(view.reader, at)}</span>`

const safeLink = (url: string | undefined): string | undefined =>
  url && /^https?:\/\//.test(url) && url.length < 500 ? url : undefined

const whoIsMissing = ({ page, reader }: PageView): Html => {
  if (page.nobody_on_call)
    return html`<p class="red">
      <strong>${say(reader, 'nobody-on-call')}</strong> ${say(reader, 'fallback-told')}
    </p>`
  if (page.nobody_reached)
    return html`<p class="red">
      <strong>${say(reader, 'nobody-reached')}</strong> ${say(reader, 'fallback-told-too')}
    </p>`
  return html``
}

const state = (view: PageView): Html => {
  const { page, reader } = view
  if (page.status === 'resolved')
    return html`<p class="green">
      <strong>${say(reader, 'is-resolved')}</strong> ${page.resolved_at ? when(view, page.resolved_at) : ''}
    </p>`
  if (page.status === 'acknowledged') {
    const name = short(page.acknowledged_by_name ?? say(reader, 'somebody'), LONGEST.name)
    return html`<p class="green">
      <strong>${say(reader, 'taken-by', { name })}</strong>
      ${page.acknowledged_at ? when(view, page.acknowledged_at) : ''}
    </p>`
  }
  const next =
    view.nextStepAt === null
      ? say(reader, 'no-further-step')
      : view.nextStepAt <= view.now
        ? say(reader, 'next-step-now')
        : say(reader, 'next-step-in', { length: lengthFor(reader, view.nextStepAt - view.now) })
  return html`${whoIsMissing(view)}
    <p class="red"><strong>${say(reader, 'nobody-yet')}</strong> ${next}</p>`
}

/** Asked where there is something to say: of a drill that is over. */
const didItWake = ({ page, reader }: PageView): Html =>
  page.is_drill && page.status !== 'open'
    ? html`<p class="card">
        <strong>${say(reader, 'drill-woke')}</strong> ${say(reader, 'drill-woke-text')}
        <a href="/on-call?view=drills">${say(reader, 'drill-woke-where')}</a>
      </p>`
    : html``

const button = (view: PageView): Html =>
  view.acknowledge
    ? html`<form method="post" action="${view.acknowledge.action}">
        ${view.acknowledge.token ? html`<input type="hidden" name="token" value="${view.acknowledge.token}" />` : ''}
        <button type="submit">
          ${say(view.reader, 'acknowledge-as', { name: short(view.acknowledge.as, LONGEST.name) })}
        </button>
      </form>`
    : html``

const tag = (reader: Reader, { status, priority }: { status: string; priority: number }): Html => {
  if (status === 'closed') return html`<span class="tag green">${say(reader, 'alert-resolved')}</span>`
  return html`<span class="tag ${priority <= 2 ? 'red' : 'amber'}">${priorityName(priority)}</span>`
}

const alertRow = (view: PageView, alert: PageViewAlert): Html => {
  const runbook = safeLink(alert.annotations['runbook_url'])
  const text = alert.annotations['description'] ?? ''
  const says = [alert.summary === alert.name ? '' : alert.summary, text === alert.summary ? '' : text]
    .filter((each) => each !== '')
    .map((each) => html`<br />${short(each, LONGEST.text)}`)
  return html`<li>
    <span class="by"
      ><strong>${short(alert.name, LONGEST.name)}</strong><span>${tag(view.reader, alert)}</span></span
    >
    <span class="dim">${lengthSince(view, alert.starts_at)}</span
    >${runbook ? html` · <a href="${runbook}" rel="noreferrer">${say(view.reader, 'run-book')}</a>` : ''}${says}
  </li>`
}

const alerts = (view: PageView): Html => {
  if (view.page.alert_count === 0) return html``
  const rows = view.alerts.slice(0, SHOWN_ALERTS).map((alert) => alertRow(view, alert))
  const shown = fitting(rows, MOST_BYTES.alerts)
  const more = view.page.alert_count - shown.length
  return html`<h2>${say(view.reader, 'what')}</h2>
    <ul class="rows">
      ${shown}
    </ul>
    ${more > 0 ? html`<p class="dim">${say(view.reader, 'more-alerts', { count: more })}</p>` : ''}`
}

const changes = (view: PageView): Html => {
  const rows = view.lastChanges
    .slice(0, SHOWN_CHANGES)
    .map(
      ({ at, what }) =>
        html`<li>${short(what, LONGEST.text)} <span class="dim">· ${ago(view, at)}</span></li>`,
    )
  return html`<h2>${say(view.reader, 'changed-last')}</h2>
    ${
      rows.length === 0
        ? html`<p class="dim">${say(view.reader, 'nothing-changed')}</p>`
        : html`<ul class="rows">
            ${fitting(rows, MOST_BYTES.changes)}
          </ul>`
    }`
}

const NAMED = { email: 'email', 'web-push': 'push' } as const

/** What the carrier reported counts more than that it had accepted it. */
const standingOf = ({ status, delivery }: PageView['told'][number]) =>
  delivery === 'delivered' ? 'delivered' : delivery === 'failed' ? 'undelivered' : status

const channelOf = (reader: Reader, told: PageView['told'][number]): string => {
  const { channel, status } = told
  switch (channel) {
    case 'screen':
      return say(reader, 'told-screen')
    case 'email':
    case 'web-push':
      return say(reader, `told-${NAMED[channel]}-${status}`)
    default:
      return say(reader, `told-${standingOf(told)}`, { channel: say(reader, `channel-${channel}`) })
  }
}

const inAList = (reader: Reader, parts: readonly string[]): string =>
  new Intl.ListFormat(languageOf(reader).tag, { type: 'unit' }).format(parts)

/** One line a person and moment, whoever was told last first. */
const told = (view: PageView): Html => {
  if (view.told.length === 0) return html``
  const lines = Map.groupBy(view.told.toReversed(), ({ name, at }) => `${name}\n${Math.floor(at / 60_000)}`)
  const rows = [...lines.values()].map(
    (each) =>
      html`<li>
        <span class="by"
          ><strong>${short(each[0]!.name, LONGEST.name)}</strong
          ><span class="dim">${ago(view, each[0]!.at)}</span></span
        >${inAList(
          view.reader,
          each.toReversed().map((one) => channelOf(view.reader, one)),
        )}
      </li>`,
  )
  return html`<h2>${say(view.reader, 'who-was-told')}</h2>
    <ul class="rows">
      ${fitting(rows, MOST_BYTES.told)}
    </ul>`
}

export const renderPageView = (view: PageView): string => {
  const { page, reader } = view
  const title = short(page.title, LONGEST.title)
  const priority = priorityName(page.priority)
  return plainPage({
    reader,
    title: say(reader, 'window-title', { priority, title, environment: page.environment_name }),
    ...(page.status === 'open' && !view.acknowledge?.token ? { refreshSeconds: 30 } : {}),
    body: html`${style}${view.notice ? html`<p class="card" role="status">${view.notice}</p>` : ''}
      <p>
        ${tag(reader, { status: '', priority: page.priority })}
        <strong>${page.customer_name}</strong> · ${page.environment_name}
      </p>
      <h1>${title}</h1>
      <p class="facts">${say(reader, 'paged')} ${when(view, page.requested_at)}</p>
      ${state(view)}${button(view)}${didItWake(view)}${alerts(view)}${changes(view)}${told(view)}
      <p>
        <a class="button quiet" href="/alerts?environment=${page.environment_slug}">${say(reader, 'open')}</a>
      </p>`,
  })
}
