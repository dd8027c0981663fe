/** Who needs large letters loses nothing: every view at 200 % zoom (720 px of a 1440 px window), and with letters alone twice as large. */
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { openWindow, settle, type Look, type Window } from './browser.ts'
import { views, type View } from './views.ts'
import { openWeb, type OpenedWeb } from './open-web.ts'

const wanted = process.env['FORTNIGHT_PICTURES']
const pictures = wanted ?? mkdtempSync(join(tmpdir(), 'fortnight-zoom-'))

/** What reaches out of the window sideways, unless it lies in something that scrolls by itself. */
const LOST = `(() => {
  const edge = window.innerWidth + 1
  const scrolls = (one) => {
    for (let at = one.parentElement; at && at !== document.body; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return true
    return false
  }
  const lost = [...document.querySelectorAll('main :is(button, a, h1, h2, h3, label, input, select, textarea, p, dd, dt), nav a, nav button')]
    .filter((one) => {
      const { left, right, width, height } = one.getBoundingClientRect()
      return width > 1 && height > 1 && (right > edge || left < -1) && !one.closest('.visually-hidden') && !scrolls(one)
    })
    .map((one) => one.tagName + '.' + one.className + ' ' + (one.textContent ?? '').slice(0, 40))
  const wide = document.documentElement.scrollWidth - window.innerWidth
  return [...(wide > 0 ? [wide + ' px to the side'] : []), ...lost].slice(0, 5)
})()`

/** A control whose words do not fit into it. */
const CUT = `[...document.querySelectorAll('main :is(button, h1, h2, label, legend), nav :is(a, button)')]
  .filter((one) => {
    const look = getComputedStyle(one)
    return one.offsetParent !== null && one.scrollWidth > one.clientWidth + 2 && look.overflowX !== 'visible' && look.textOverflow !== 'ellipsis'
  })
  .map((one) => one.tagName + '.' + one.className + ' ' + (one.textContent ?? '').slice(0, 40))
  .slice(0, 5)`

const widths = {
  /** Zoom of 200 %: half the pixels. */
  16: [720, 640],
  /** Letters of 200 %: the window stays as wide. */
  32: [1440, 640],
} as const

for (const letterPx of [16, 32] as const)
  describe(`letters of ${letterPx} px`, { concurrency: 1 }, () => {
    let opened: OpenedWeb
    let window: Window
    let page: Page
    before(async () => {
      opened = await openWeb(letterPx)
      window = await openWindow(opened.browser, opened.web, 1440)
      page = window.page
      console.log(`pictures of ${wanted ? 'the views' : 'what fails'}: ${pictures}`)
    })
    after(() => opened?.close())

    const judge = async (view: View, width: number): Promise<void> => {
      await page.setViewportSize({ width, height: width > 1000 ? 900 : 450 })
      const lost = [...((await page.evaluate(LOST)) as string[]), ...((await page.evaluate(CUT)) as string[])]
      if (wanted || lost.length > 0)
        await page.screenshot({
          path: join(pictures, `${view.name}-${letterPx}-${width}.png`),
          fullPage: true,
        })
      assert.deepEqual(lost, [], `${width} px wide: nothing is out of reach`)
    }

    for (const view of views)
      test(`${view.name} with letters of ${letterPx} px`, async () => {
        const who = view.who ? { who: view.who } : {}
        const look: Look = { state: 'filled', width: 1440, scheme: 'light', ...who }
        await window.show(view.path, look)
        await settle(page, look)
        for (const width of widths[letterPx]) await judge(view, width)
      })
  })
