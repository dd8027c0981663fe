/** The link in a message of several pages. GET and HEAD change nothing, whoever opens them; one POST takes what is listed. */
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { defineRoutes } from '../../../../contract/route.ts'
import { noteProven } from '../../../people/contact-methods/note-proven.ts'
import { peekOneTimeToken, spendOneTimeToken } from '../../../people/accounts/one-time-token.ts'
import type { Ctx } from '../../../platform/context.ts'
import { Fault } from '../../../platform/faults.ts'
import { bind } from '../../../platform/http/bind.ts'
import { raw } from '../../../platform/http/raw-reply.ts'
import { NOTHING_CHANGED, read, record } from '../../../platform/record.ts'
import { holderOf } from '../holder.ts'
import { methodOfToken } from '../message.ts'
import { acknowledgeBundleIn } from './acknowledge-bundle.ts'
import { BUNDLE_PURPOSE } from './bundle-message.ts'
import { findBundleAlerts, findBundlePages } from './bundle-store.ts'
import { renderBundle } from './bundle-view.ts'

const anything = z.unknown()
const token = z.string().max(100)

export const bundlePageRoutes = defineRoutes({
  showBundle: {
    method: 'GET',
    path: '/bundles/:token',
    summary:
      'The link in a message of several pages: what it listed, and one button. Opening it changes nothing.',
    permission: 'public',
    params: z.object({ token }),
    reply: anything,
    errors: ['link-expired'],
  },
  takeBundle: {
    method: 'POST',
    path: '/bundles',
    summary:
      'Spends the single-use token of a message of several pages: takes the pages and alerts that it listed, and no others.',
    permission: 'public',
    body: z.object({ token }),
    reply: anything,
    errors: ['link-expired', 'not-allowed'],
  },
})

const holderOfToken = async ({ platform }: Ctx, secret: string) => {
  const { db } = platform.database
  const found = await peekOneTimeToken(db, BUNDLE_PURPOSE, secret, platform.clock.now())
  return { ...(await holderOf(db, found.accountId)), bundleId: found.subjectId ?? '', used: found.used }
}

const showBundle = async (ctx: Ctx, { token: secret }: { token: string }) => {
  const { actor, reader, bundleId, used } = await holderOfToken(ctx, secret)
  const text = await read({ ...ctx, actor }, async (db) =>
    renderBundle({
      reader,
      pages: await findBundlePages(db, bundleId),
      alerts: await findBundleAlerts(db, bundleId),
      take: used ? undefined : { token: secret, as: reader.name },
    }),
  )
  return raw((reply) => reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text))
}

const takeBundle = async (ctx: Ctx, { token: secret }: { token: string }) => {
  const { actor, bundleId, used } = await holderOfToken(ctx, secret)
  if (!used) {
    try {
      await record<unknown>({ ...ctx, actor }, async (tx) => {
        const method = methodOfToken(await spendOneTimeToken(tx, BUNDLE_PURPOSE, secret))
        const isNew = await acknowledgeBundleIn(tx, bundleId, actor.accountId)
        if (method) await noteProven(tx, method)
        return isNew || method ? true : NOTHING_CHANGED
      })
    } catch (error) {
      // The slower of two clicks sees how things stand.
      if (!(error instanceof Fault && error.code === 'link-used')) throw error
    }
  }
  return raw((reply) => reply.redirect(`/bundles/${encodeURIComponent(secret)}`, 303))
}

export const bindBundlePages = (http: FastifyInstance): void => {
  bind(http, bundlePageRoutes, { showBundle, takeBundle })
}
