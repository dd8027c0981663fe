/** The list behind a message of several pages: by environment, then by cause. Plain HTML, no script; opening it changes nothing. */
import { storable } from '../../../../domain/operations/alerts/storable-text.ts'
import { html, type Html } from '../../../platform/http/html.ts'
import { plainPage } from '../../../platform/http/plain-page.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import { say } from '../messages.ts'
import { priorityName } from '../present.ts'
import type { BundleAlert, BundlePage } from './bundle-store.ts'

export type BundleView = {
  readonly reader: Reader
  readonly pages: readonly BundlePage[]
  readonly alerts: readonly BundleAlert[]
  /** Absent when the link was used. */
  readonly take: { readonly token: string; readonly as: string } | undefined
}

/** Of each cause; a storm of thousands must load on one bar of signal. All that are counted are covered. */
const SHOWN_OF_CAUSE = 20
const LONGEST = 160

const short = (text: string): string => (text.length > LONGEST ? `${storable(text, LONGEST)}…` : text)

const causeOf = (reader: Reader, name: string, alerts: readonly BundleAlert[]): Html => {
  const shown = alerts.slice(0, SHOWN_OF_CAUSE)
  const more = alerts.length - shown.length
  const urgent = Math.min(...alerts.map(({ priority }) => priority))
  return html`<li>
    <details>
      <summary><strong>${alerts.length} × ${short(name)}</strong> ${priorityName(urgent)}</summary>
      ${shown.map(({ summary, status }) => html`<br />${short(summary)}${status === 'closed' ? html` <span class="green">${say(reader, 'alert-resolved')}</span>` : ''}`)}
      ${more > 0 ? html`<br />${say(reader, 'bundle-more', { count: more })}` : ''}
    </details>
  </li>`
}

const standing = (reader: Reader, page: BundlePage): Html => {
  if (page.status === 'resolved') return html`<span class="green">${say(reader, 'is-resolved')}</span>`
  if (page.status === 'acknowledged')
    return html`<span class="green"
      >${say(reader, 'taken-by', { name: short(page.acknowledged_by_name ?? say(reader, 'somebody')) })}</span
    >`
  return html`<span class="red">${say(reader, 'nobody-yet')}</span>`
}

const pageOf = ({ reader, alerts }: BundleView, page: BundlePage): Html => {
  const own = alerts.filter((alert) => alert.page_id === page.id)
  const causes = [...Map.groupBy(own, ({ name }) => name)]
  return html`<p>
      <a href="/pages/${page.id}">[${priorityName(page.priority)}] ${short(page.title)}</a> ·
      ${standing(reader, page)}
    </p>
    ${
      own.length === 0
        ? html`<p class="dim">${say(reader, 'bundle-no-alert')}</p>`
        : html`<ul>
            ${causes.map(([name, each]) => causeOf(reader, name, each))}
          </ul>`
    }
    ${
      page.status === 'open' && page.later_count > 0
        ? html`<p class="dim">${say(reader, 'bundle-later', { count: page.later_count })}</p>`
        : ''
    }`
}

const placeOf = (view: BundleView, pages: readonly BundlePage[]): Html =>
  html`<h2>${pages[0]!.customer_name} · ${pages[0]!.environment_name}</h2>
    ${pages.map((page) => pageOf(view, page))}`

const button = ({ reader, take, pages, alerts }: BundleView): Html => {
  if (!take || pages.every(({ status }) => status !== 'open')) return html``
  const open = new Set(pages.filter(({ status }) => status === 'open').map(({ id }) => id))
  const count = alerts.filter((alert) => open.has(alert.page_id)).length
  return html`<p>${say(reader, 'bundle-covers', { count })}</p>
    <form method="post" action="/bundles">
      <input type="hidden" name="token" value="${take.token}" />
      <button type="submit">${say(reader, 'acknowledge-as', { name: short(take.as) })}</button>
    </form>`
}

export const renderBundle = (view: BundleView): string => {
  const title = say(view.reader, 'bundle-title', { count: view.pages.length })
  const places = Map.groupBy(view.pages, (page) => page.environment_id)
  return plainPage({
    reader: view.reader,
    title,
    body: html`<h1>${title}</h1>
      ${button(view)} ${[...places.values()].map((pages) => placeOf(view, pages))}`,
  })
}
