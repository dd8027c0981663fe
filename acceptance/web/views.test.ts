/** Every view, filled, empty, loading, failing and with 1,000 rows, at both widths and in both schemes: whole, in its place, and open to everybody. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openWindow, settle, type Look, type State, type Window } from './browser.ts'
import { views, type View } from './views.ts'
import { openWeb, type OpenedWeb } from './open-web.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Set FORTNIGHT_PICTURES to a folder to look at every view; otherwise only those that fail are kept. Never part of the project. */
const wanted = process.env['FORTNIGHT_PICTURES']
const pictures = wanted ?? mkdtempSync(join(tmpdir(), 'fortnight-pictures-'))

type Violation = { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }

const axe = async (page: Page, rules?: readonly string[]): Promise<readonly string[]> => {
  await page.evaluate(axeSource)
  const only = rules ? { runOnly: { type: 'rule', values: rules } } : {}
  const found = (await page.evaluate(
    `axe.run(document, ${JSON.stringify({ ...only, resultTypes: ['violations'] })})`,
  )) as {
    violations: Violation[]
  }
  return found.violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary.split('\n')[1]?.trim()})`)
        .join('; ')}`,
  )
}

/** @param asked the width of the window: that of a phone grows with what is in it, and would hide what is too wide */
const overflow = (page: Page, asked: number): Promise<string> =>
  page.evaluate(`(() => {
    const wide = document.documentElement.scrollWidth - ${asked}
    if (wide <= 0) return ''
    const culprit = [...document.querySelectorAll('body *')].find((one) => one.getBoundingClientRect().right > ${asked} + 1)
    return wide + ' px too wide: ' + (culprit ? culprit.tagName + '.' + culprit.className : '?')
  })()`) as Promise<string>

/** A view that waits is filled in place, in the same test. */
const statesOf = (view: View): readonly State[] => [
  'empty',
  ...(view.still ? (['filled'] as const) : (['loading', 'failing'] as const)),
  ...(view.long ? (['thousand'] as const) : []),
]

describe('views', { concurrency: true }, () => {
  let opened: OpenedWeb
  before(async () => {
    opened = await openWeb()
    console.log(`pictures of ${wanted ? 'the views' : 'what fails'}: ${pictures}`)
  })
  after(() => opened?.close())

  const look = async (window: Window, view: View, state: State, width: 1440 | 390): Promise<void> => {
    const first: Look = { state, width, scheme: 'light', ...(view.who ? { who: view.who } : {}) }
    await window.show(view.path, first)
    await settle(window.page, first)
    await judge(window, view, first)
    if (state === 'loading') {
      const filled: Look = { ...first, state: 'filled' }
      await window.page.emulateMedia({ colorScheme: 'light' })
      await window.fill()
      await settle(window.page, filled)
      await judge(window, view, filled)
    }
    assert.deepEqual(window.faults, [])
  }

  const judge = async ({ page }: Window, view: View, { state, width }: Look): Promise<void> => {
    const picture = (scheme: string): Promise<unknown> =>
      page.screenshot({ path: join(pictures, `${view.name}-${state}-${width}-${scheme}.png`) })
    if (wanted) await picture('light')
    assert.deepEqual(await axe(page), [], `axe, ${state}, light`)
    assert.equal(await overflow(page, width), '', 'nothing is wider than the window')
    await page.emulateMedia({ colorScheme: 'dark' })
    if (wanted) await picture('dark')
    assert.deepEqual(await axe(page, ['color-contrast']), [], `axe, ${state}, dark`)
    if (state === 'thousand' && view.long === true) await drawsFewOfMany(page)
    if (width === 390 && state === 'filled') {
      await page.setViewportSize({ width: 360, height: 780 })
      assert.equal(await overflow(page, 360), '', 'nothing is wider than 360 px')
    }
  }

  const drawsFewOfMany = async (page: Page): Promise<void> => {
    const drawn = await page.locator('[role="row"][data-index]').count()
    assert.ok(drawn > 5 && drawn < 80, `${drawn} rows are drawn`)
  }

  for (const width of [1440, 390] as const)
    describe(`at ${width} px, in light and dark`, { concurrency: 1 }, () => {
      let window: Window
      before(async () => {
        window = await openWindow(opened.browser, opened.web, width)
      })
      after(() => window?.close())
      for (const view of views)
        for (const state of statesOf(view))
          test(`${view.name}, ${state === 'loading' ? 'loading and then filled' : state}`, () =>
            look(window, view, state, width))
    })
})
