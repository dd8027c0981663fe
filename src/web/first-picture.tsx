/** Draws the home view on the server, in a process of its own, so that who opens it sees it before a line of script has run. src/server/picture-painter.ts keeps it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { dehydrate } from '@tanstack/react-query'
import { createMemoryHistory } from '@tanstack/react-router'
import { renderToString } from 'react-dom/server'
import type { FirstPicture, FromPicture, ToPicture } from '../contract/first-picture.ts'
import { readHome } from './home/read-home.ts'
import { WidthContext } from './parts/drawn-width.ts'
import { Application } from './shell/Application.tsx'
import { carryBy } from './shell/api.ts'
import { isFailure } from './shell/failure.ts'
import { newQueryClient } from './shell/query-client.ts'
import { newRouter } from './shell/router.tsx'
import { meQuery } from './shell/session.ts'

/** About what the home view leaves for its widest picture, on a desk and on a phone. */
const WIDE_PX = 798
const NARROW_PX = 326

const say = (message: FromPicture): void => void process.send?.(message)

/** Several people's pictures may be drawn at once: each asks as the one who wants to see it. */
const drawing = new AsyncLocalStorage<number>()
type Answer = { readonly status: number; readonly text: string }
const waiting = new Map<number, (answer: Answer) => void>()
let questions = 0

carryBy(async (url) => {
  const picture = drawing.getStore()
  if (picture === undefined) throw new Error(`${url} was asked for nobody`)
  const question = ++questions
  const { status, text } = await new Promise<Answer>((resolve) => {
    waiting.set(question, resolve)
    say({ kind: 'question', picture, question, url })
  })
  return {
    ok: status < 300,
    status,
    statusText: '',
    headers: { get: () => null },
    json: async () => JSON.parse(text) as unknown,
  }
})

const draw = async (narrow: boolean): Promise<FirstPicture | undefined> => {
  const queryClient = newQueryClient()
  try {
    const me = await queryClient.fetchQuery({ ...meQuery, retry: false })
    if (me.account.kind === 'contact') return undefined
    await readHome(queryClient)
    const router = newRouter(queryClient, createMemoryHistory({ initialEntries: ['/'] }))
    await router.load()
    const html = renderToString(
      <WidthContext value={narrow ? NARROW_PX : WIDE_PX}>
        <Application queryClient={queryClient} router={router} />
      </WidthContext>,
    )
    // What stands in a page as data must not be able to end its element.
    return { html, answers: JSON.stringify(dehydrate(queryClient)).replaceAll('<', '\\u003c') }
  } catch (error) {
    if (isFailure(error)) return undefined
    throw error
  } finally {
    queryClient.clear()
  }
}

const answer = async (picture: number, narrow: boolean): Promise<void> => {
  try {
    say({ kind: 'drawn', picture, drawn: await drawing.run(picture, () => draw(narrow)) })
  } catch (error) {
    say({
      kind: 'failed',
      picture,
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  }
}

process.on('message', (message: ToPicture) => {
  if (message.kind === 'draw') return void answer(message.picture, message.narrow)
  waiting.get(message.question)?.(message)
  waiting.delete(message.question)
})
// Whoever asked is gone.
process.on('disconnect', () => process.exit())
