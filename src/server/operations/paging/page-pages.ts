/** The plain HTML of paging: the page view, and the link in a message. GET and HEAD change nothing, whoever opens them. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { defineRoutes } from '../../../contract/route.ts'
import { id } from '../../../contract/shapes.ts'
import type { PageState } from '../../../domain/operations/paging/page.ts'
import { may } from '../../../domain/people/permissions.ts'
import { noteProven } from '../../people/contact-methods/note-proven.ts'
import { peekOneTimeToken, spendOneTimeToken } from '../../people/accounts/one-time-token.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Actor } from '../../platform/actor.ts'
import { Fault, notFound, RefusalFault } from '../../platform/faults.ts'
import { bind } from '../../platform/http/bind.ts'
import { raw } from '../../platform/http/raw-reply.ts'
import { wantsHtml } from '../../platform/http/server.ts'
import { NOTHING_CHANGED, read, record } from '../../platform/record.ts'
import { findLastChangesOf } from '../operator-log/index.ts'
import { acknowledgePage, acknowledgePageIn } from './acknowledge-page.ts'
import type { Reader } from '../../platform/messages/languages.ts'
import { holderOf, loadStaff } from './holder.ts'
import { ACKNOWLEDGE_PURPOSE, methodOfToken } from './message.ts'
import { say } from './messages.ts'
import { renderPageView, type PageView } from './page-view.ts'
import { findPageIntents } from './intent-store.ts'
import { findPageAlerts, findPageRow } from './store.ts'

const DAYS_OF_CHANGES_MS = 7 * 24 * 3_600_000
const anything = z.unknown()

export const pagePageRoutes = defineRoutes({
  showPage: {
    method: 'GET',
    path: '/pages/:pageId',
    summary: 'The page view: plain HTML, works without script.',
    permission: 'public',
    params: z.object({ pageId: id }),
    reply: anything,
    errors: ['not-found'],
  },
  takePage: {
    method: 'POST',
    path: '/pages/:pageId/acknowledge',
    summary: 'Acknowledges from the page view (a form).',
    permission: 'pages.acknowledge',
    params: z.object({ pageId: id }),
    reply: anything,
    errors: ['not-found', 'conflict'],
  },
  showAcknowledgeLink: {
    method: 'GET',
    path: '/acknowledge/:token',
    summary: 'The link in a message: a page with one button. Opening it changes nothing.',
    permission: 'public',
    params: z.object({ token: z.string().max(100) }),
    reply: anything,
    errors: ['link-expired'],
  },
  useAcknowledgeLink: {
    method: 'POST',
    path: '/acknowledge',
    summary:
      'Spends the single-use token of a message: one page, one person, 24 h. Whoever asks for JSON is answered {status, mine, by}.',
    permission: 'public',
    body: z.object({ token: z.string().max(100) }),
    reply: anything,
    errors: ['link-expired', 'not-allowed', 'not-found'],
  },
})

const loadView = (
  ctx: Ctx,
  pageId: string,
  reader: Reader,
  more: Pick<PageView, 'acknowledge'> & { notice?: string },
): Promise<PageView> =>
  read(ctx, async (db) => {
    const page = await findPageRow(db, pageId)
    if (!page) throw notFound('This page')
    const now = ctx.platform.clock.now()
    const changes = await findLastChangesOf(db, reader, page.environment_id, now - DAYS_OF_CHANGES_MS)
    const intents = await findPageIntents(db, pageId)
    return {
      page,
      alerts: await findPageAlerts(db, pageId, 13),
      told: intents.map((intent) => ({
        name: intent.account_name,
        channel: intent.channel,
        status: intent.status,
        delivery: intent.delivery,
        at: intent.ended_at ?? intent.intended_at,
      })),
      lastChanges: changes.map(({ at, what, by }) => ({ at, what: say(reader, 'changed-by', { what, by }) })),
      nextStepAt: (page.state as PageState).nextStepAt,
      reader,
      now,
      acknowledge: page.status === 'open' ? more.acknowledge : undefined,
      ...(more.notice ? { notice: more.notice } : {}),
    }
  })

const sendHtml = (reply: FastifyReply, text: string): FastifyReply =>
  reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text)

/** Without a sign-in the page view leads there and back; it shows nothing to strangers. */
const showPage = async (ctx: Ctx, { pageId }: { pageId: string }) => {
  const { actor } = ctx
  if (actor.kind === 'anonymous')
    return raw((reply) => reply.redirect(`/sign-in?next=${encodeURIComponent(`/pages/${pageId}`)}`, 303))
  if (actor.kind !== 'person' || !may(actor, 'pages.read')) throw notFound('This page')
  const reader = await loadStaff(ctx.platform.database.db, actor.accountId)
  if (!reader) throw notFound('This page')
  const acknowledge = may(actor, 'pages.acknowledge')
    ? { action: `/pages/${pageId}/acknowledge`, as: reader.name }
    : undefined
  const text = renderPageView(await loadView(ctx, pageId, reader, { acknowledge }))
  return raw((reply) => sendHtml(reply, text))
}

const asActor = (ctx: Ctx, actor: Actor): Ctx => ({ ...ctx, actor })

const showAcknowledgeLink = async (ctx: Ctx, { token }: { token: string }) => {
  const found = await peekOneTimeToken(
    ctx.platform.database.db,
    ACKNOWLEDGE_PURPOSE,
    token,
    ctx.platform.clock.now(),
  )
  const { actor, reader } = await holderOf(ctx.platform.database.db, found.accountId)
  const acknowledge = found.used ? undefined : { action: '/acknowledge', token, as: reader.name }
  const text = renderPageView(
    await loadView(asActor(ctx, actor), found.subjectId ?? '', reader, { acknowledge }),
  )
  return raw((reply) => sendHtml(reply, text))
}

const isUsedLink = (error: unknown): boolean => error instanceof Fault && error.code === 'link-used'

/**
 * Token and page in one transaction: a token spent is a page taken, and a page somebody else has leaves it unspent. A
 * form is led back to the page; a notification's button, which asks for JSON, is told who has it.
 */
const useAcknowledgeLink = async (ctx: Ctx, { token }: { token: string }) => {
  const found = await peekOneTimeToken(
    ctx.platform.database.db,
    ACKNOWLEDGE_PURPOSE,
    token,
    ctx.platform.clock.now(),
  )
  const { actor } = await holderOf(ctx.platform.database.db, found.accountId)
  if (!found.used) {
    try {
      await record<unknown>(asActor(ctx, actor), async (tx) => {
        const method = methodOfToken(await spendOneTimeToken(tx, ACKNOWLEDGE_PURPOSE, token))
        const isNew = await acknowledgePageIn(tx, found.subjectId ?? '', actor.accountId)
        if (method) await noteProven(tx, method)
        return isNew || method ? true : NOTHING_CHANGED
      })
    } catch (error) {
      // A late click learns how things stand, and so does the slower of two at once: who has it, and since when.
      if (!(error instanceof RefusalFault) && !isUsedLink(error)) throw error
    }
  }
  const page = await findPageRow(ctx.platform.database.db, found.subjectId ?? '')
  if (!page) throw notFound('This page')
  return raw((reply, request) => {
    if (!wantsHtml(request) && /json/.test(request.headers.accept ?? ''))
      return reply.header('cache-control', 'no-store').send({
        status: page.status,
        mine: page.acknowledged_by === actor.accountId,
        by: page.acknowledged_by_name,
      })
    return reply.redirect(`/acknowledge/${encodeURIComponent(token)}`, 303)
  })
}

export const bindPagePages = (http: FastifyInstance): void => {
  bind(http, pagePageRoutes, {
    showPage,
    takePage: async (ctx, { pageId }) => {
      await acknowledgePage(ctx, { pageId }).catch((error: unknown) => {
        if (!(error instanceof RefusalFault)) throw error
      })
      return raw((reply) => reply.redirect(`/pages/${pageId}`, 303))
    },
    showAcknowledgeLink,
    useAcknowledgeLink,
  })
}
