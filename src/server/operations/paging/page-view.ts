/** The page at 03:12: what, whose cluster, how bad, since when, what changed last, what now. Plain HTML, under 20 kB, no script. */
import { describeInstant } from '../../../domain/time/describe-instant.ts'
import { html, type Html } from '../../platform/http/html.ts'
import { plainPage } from '../../platform/http/plain-page.ts'
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
    readonly channel: string
    readonly status: string
    readonly at: number
  }[]
  readonly lastChanges: readonly { readonly at: number; readonly what: string }[]
  readonly nextStepAt: number | null
  readonly zone: string
  readonly now: number
  /** The form that takes the page; absent when it is taken or the reader may not. */
  readonly acknowledge: { readonly action: string; readonly token?: string; readonly as: string } | undefined
  readonly notice?: string
}

const SHOWN_ALERTS = 12
const LONGEST_TEXT = 300

const short = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text

/** "14 min", "3 h 05 min", "2 d 4 h": enough for a decision, nothing to parse. */
export const ago = (ms: number): string => {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  if (minutes < 1) return 'less than a minute'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

const when = (view: PageView, at: number): Html =>
  html`${describeInstant(at, view.zone)} <span class="dim">(${ago(view.now - at)} ago)</span>`

const safeLink = (url: string | undefined): string | undefined =>
  url && /^https?:\/\//.test(url) && url.length < 500 ? url : undefined

const whoIsMissing = (page: PageListRow): Html => {
  if (page.nobody_on_call)
    return html`<p class="red"><strong>Nobody was on call.</strong> The fallback is being told.</p>`
  if (page.nobody_reached)
    return html`<p class="red">
      <strong>Whoever is on call cannot be reached</strong> away from a screen. The fallback is told, too.
    </p>`
  return html``
}

const state = (view: PageView): Html => {
  const { page } = view
  if (page.status === 'resolved')
    return html`<p class="green">
      <strong>Resolved</strong> ${page.resolved_at ? when(view, page.resolved_at) : ''}
    </p>`
  if (page.status === 'acknowledged') {
    return html`<p class="green">
      <strong>${page.acknowledged_by_name ?? 'Somebody'} has it</strong>
      ${page.acknowledged_at ? when(view, page.acknowledged_at) : ''}
    </p>`
  }
  const next =
    view.nextStepAt === null
      ? 'No further step is planned.'
      : `Next step ${describeInstant(view.nextStepAt, view.zone)}.`
  return html`${whoIsMissing(page)}
    <p class="red"><strong>Nobody has it yet.</strong> ${next}</p>`
}

const button = (view: PageView): Html =>
  view.acknowledge
    ? html`<form method="post" action="${view.acknowledge.action}">
        ${view.acknowledge.token ? html`<input type="hidden" name="token" value="${view.acknowledge.token}" />` : ''}
        <button type="submit">Acknowledge as ${view.acknowledge.as}</button>
      </form>`
    : html``

const alertCard = (view: PageView, alert: PageViewAlert): Html => {
  const runbook = safeLink(alert.annotations['runbook_url'])
  const text = alert.annotations['description'] ?? ''
  return html`<li>
    <span class="tag ${alert.status === 'closed' ? 'green' : alert.priority <= 2 ? 'red' : 'amber'}"
      >${alert.status === 'closed' ? 'resolved' : priorityName(alert.priority)}</span
    >
    <strong>${alert.name}</strong> ${short(alert.summary)}<br />
    ${text && text !== alert.summary ? html`<span class="dim">${short(text)}</span><br />` : ''}
    <span class="dim">since</span>
    ${when(view, alert.starts_at)}${runbook ? html` · <a href="${runbook}" rel="noreferrer">run book</a>` : ''}
  </li>`
}

const alerts = (view: PageView): Html => {
  const more = view.page.alert_count - Math.min(SHOWN_ALERTS, view.alerts.length)
  return html`<h2>What</h2>
    <ul>
      ${view.alerts.slice(0, SHOWN_ALERTS).map((alert) => alertCard(view, alert))}
    </ul>
    ${more > 0 ? html`<p class="dim">and ${more} more in the application</p>` : ''}`
}

const changes = (view: PageView): Html =>
  html`<h2>What changed last</h2>
    ${
      view.lastChanges.length === 0
        ? html`<p class="dim">Nothing recorded in this environment in the last 7 days.</p>`
        : html`<ul>
            ${view.lastChanges.slice(0, 5).map((change) => html`<li>${short(change.what)} <span class="dim">${ago(view.now - change.at)} ago</span></li>`)}
          </ul>`
    }`

const told = (view: PageView): Html =>
  view.told.length === 0
    ? html``
    : html`<h2>Who was told</h2>
        <ul>
          ${view.told.slice(-10).map((row) => html`<li>${row.name}, ${row.channel}: ${row.status} <span class="dim">${ago(view.now - row.at)} ago</span></li>`)}
        </ul>`

export const renderPageView = (view: PageView): string => {
  const { page } = view
  return plainPage({
    title: `${priorityName(page.priority)} ${page.title} · ${page.environment_name}`,
    ...(page.status === 'open' && !view.acknowledge?.token ? { refreshSeconds: 30 } : {}),
    body: html`${view.notice ? html`<p class="card" role="status">${view.notice}</p>` : ''}
      <p>
        <span class="tag ${page.priority <= 2 ? 'red' : 'amber'}">${priorityName(page.priority)}</span>
        <strong>${page.customer_name}</strong> · ${page.environment_name}
      </p>
      <h1>${short(page.title)}</h1>
      <p class="dim">paged</p>
      <p>${when(view, page.requested_at)}</p>
      ${state(view)}${button(view)}${alerts(view)}${changes(view)}${told(view)}
      <p><a class="button" href="/alerts?environment=${page.environment_slug}">Open in Fortnight</a></p>`,
  })
}
