/** The link in a mail that asks for a swap: what would change, and two buttons. GET and HEAD change nothing, whoever opens them. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { defineRoutes } from '../../../../contract/route.ts'
import { linkHolder } from '../../../people/accounts/link-holder.ts'
import { peekOneTimeToken, spendOneTimeToken } from '../../../people/accounts/one-time-token.ts'
import type { Ctx } from '../../../platform/context.ts'
import { notFound, Fault, RefusalFault } from '../../../platform/faults.ts'
import { bind } from '../../../platform/http/bind.ts'
import { html } from '../../../platform/http/html.ts'
import { plainPage } from '../../../platform/http/plain-page.ts'
import { raw } from '../../../platform/http/raw-reply.ts'
import { NOTHING_CHANGED, read, record } from '../../../platform/record.ts'
import type { Reader } from '../../../platform/messages/languages.ts'
import { say } from '../messages.ts'
import { answerSwapIn } from './answer-swap.ts'
import { findSwap, type StoredSwap } from './store.ts'
import { legLines, SWAP_PURPOSE, whyVoid, wordsOf, type SwapWords } from './tell-of-swap.ts'

const anything = z.unknown()
const token = z.string().max(100)

export const swapPageRoutes = defineRoutes({
  showSwapLink: {
    method: 'GET',
    path: '/swaps/:token',
    summary:
      'The link in a mail that asks for a swap: what would change, and two buttons. Opening it changes nothing.',
    permission: 'public',
    params: z.object({ token }),
    reply: anything,
    errors: ['link-expired'],
  },
  useSwapLink: {
    method: 'POST',
    path: '/swaps',
    summary: 'Spends the single-use token of such a mail: one swap, one person, one answer.',
    permission: 'public',
    body: z.object({ token, answer: z.enum(['accept', 'decline']) }),
    reply: anything,
    errors: ['link-expired', 'not-allowed', 'not-found'],
  },
})

const holderOfToken = async ({ platform }: Ctx, secret: string) => {
  const { db } = platform.database
  const found = await peekOneTimeToken(db, SWAP_PURPOSE, secret, platform.clock.now())
  const holder = await linkHolder(db, found.accountId, 'on-call.override')
  return { ...holder, swapId: found.subjectId ?? '', used: found.used }
}

const standing = (reader: Reader, swap: StoredSwap): readonly string[] => {
  switch (swap.state.status) {
    case 'offered':
      return []
    case 'accepted':
      return [say(reader, 'swap-is-accepted')]
    case 'declined':
      return [say(reader, 'swap-is-declined')]
    case 'withdrawn':
      return [say(reader, 'swap-is-withdrawn')]
    case 'expired':
      return [say(reader, 'swap-is-expired')]
    case 'void':
      return [say(reader, 'swap-is-void'), ...whyVoid(reader, swap)]
  }
}

const renderSwap = (
  reader: Reader & { readonly name: string },
  swap: StoredSwap,
  words: SwapWords,
  secret: string | undefined,
): string => {
  const asker = words.names.get(swap.state.askedBy) ?? ''
  const title = say(reader, 'swap-title', { asker, schedule: words.schedule })
  const button = (answer: 'accept' | 'decline', label: string, look: string) =>
    html`<form method="post" action="/swaps">
      <input type="hidden" name="token" value="${secret}" /><input
        type="hidden"
        name="answer"
        value="${answer}"
      />
      <button class="${look}">${label}</button>
    </form>`
  return plainPage({
    title,
    reader,
    body: html`<h1>${title}</h1>
      <ul>
        ${legLines(reader, swap.state.legs, words).map((line) => html`<li>${line}</li>`)}
      </ul>
      ${swap.note ? html`<p class="card">${swap.note}</p>` : ''}
      ${standing(reader, swap).map((line) => html`<p class="tag">${line}</p>`)}
      ${
        secret === undefined || swap.state.status !== 'offered'
          ? ''
          : html`<p class="dim">${say(reader, 'swap-as', { name: reader.name })}</p>
              ${button('accept', say(reader, 'swap-accept'), '')}
              ${button('decline', say(reader, 'swap-decline'), 'quiet')}`
      }
      <p><a href="/on-call">${say(reader, 'swap-open')}</a></p>`,
  })
}

const showSwapLink = async (ctx: Ctx, { token: secret }: { token: string }) => {
  const { actor, reader, swapId, used } = await holderOfToken(ctx, secret)
  const text = await read({ ...ctx, actor }, async (db) => {
    const swap = await findSwap(db, swapId)
    if (!swap) throw notFound('This swap')
    return renderSwap(reader, swap, await wordsOf(db, swap), used ? undefined : secret)
  })
  return raw((reply) => reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text))
}

/** Token and answer in one transaction; a click that comes too late sees how things stand. */
const useSwapLink = async (ctx: Ctx, input: { token: string; answer: 'accept' | 'decline' }) => {
  const { actor, swapId, used } = await holderOfToken(ctx, input.token)
  if (!used) {
    try {
      await record<unknown>({ ...ctx, actor }, async (tx) => {
        await spendOneTimeToken(tx, SWAP_PURPOSE, input.token)
        const command = { kind: input.answer, by: actor.accountId }
        return (await answerSwapIn(tx, swapId, command)) ? true : NOTHING_CHANGED
      })
    } catch (error) {
      const isLate = error instanceof Fault && error.code === 'link-used'
      const hasEnded = error instanceof RefusalFault && error.code === 'swap-over'
      if (!isLate && !hasEnded) throw error
    }
  }
  return raw((reply) => reply.redirect(`/swaps/${encodeURIComponent(input.token)}`, 303))
}

export const bindSwapPages = (http: FastifyInstance): void => {
  bind(http, swapPageRoutes, { showSwapLink, useSwapLink })
}
