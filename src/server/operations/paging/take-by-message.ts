/** Somebody takes a page by answering the message that told them: a key, a reply, a button. The way is proven again by it. */
import { noteProven } from '../../people/contact-methods/note-proven.ts'
import type { Ctx } from '../../platform/context.ts'
import { RefusalFault } from '../../platform/faults.ts'
import type { Reader } from '../../platform/messages/languages.ts'
import { NOTHING_CHANGED, record } from '../../platform/record.ts'
import { acknowledgePageIn } from './acknowledge-page.ts'
import { acknowledgeBundleIn } from './bundles/acknowledge-bundle.ts'
import { findBundlePages } from './bundles/bundle-store.ts'
import { holderOf } from './holder.ts'
import { say } from './messages.ts'
import { findPageRow } from './store.ts'

/** What is said back, in the language of whoever is told. */
export type Answer = { readonly reader: Reader; readonly words: string }

type Taking = { readonly pageId: string; readonly accountId: string; readonly methodId: string | null }

/** What the message listed, and nothing that came later. */
export const takeBundleByMessage = async (
  ctx: Ctx,
  { bundleId, accountId, methodId }: Omit<Taking, 'pageId'> & { readonly bundleId: string },
): Promise<Answer> => {
  const { db } = ctx.platform.database
  const { actor, reader } = await holderOf(db, accountId)
  await record<unknown>({ ...ctx, actor }, async (tx) => {
    const isNew = await acknowledgeBundleIn(tx, bundleId, accountId)
    if (methodId) await noteProven(tx, methodId)
    return isNew || methodId ? true : NOTHING_CHANGED
  })
  const pages = await findBundlePages(db, bundleId)
  const count = pages.filter((page) => page.acknowledged_by === accountId).length
  return { reader, words: count > 0 ? say(reader, 'bundle-taken', { count }) : say(reader, 'bundle-over') }
}

/** Somebody who was slower, or may no longer take pages, is told so; nothing changes then. */
export const takeByMessage = async (ctx: Ctx, { pageId, accountId, methodId }: Taking): Promise<Answer> => {
  const { db } = ctx.platform.database
  const { actor, reader } = await holderOf(db, accountId)
  try {
    await record<unknown>({ ...ctx, actor }, async (tx) => {
      const isNew = await acknowledgePageIn(tx, pageId, accountId)
      if (methodId) await noteProven(tx, methodId)
      return isNew || methodId ? true : NOTHING_CHANGED
    })
  } catch (error) {
    if (!(error instanceof RefusalFault)) throw error
  }
  const page = await findPageRow(db, pageId)
  const title = page?.title ?? ''
  if (page?.acknowledged_by === accountId) return { reader, words: say(reader, 'phone-taken', { title }) }
  if (page?.status === 'acknowledged')
    return {
      reader,
      words: say(reader, 'taken-by', { name: page.acknowledged_by_name ?? say(reader, 'somebody') }),
    }
  return { reader, words: say(reader, 'phone-over', { title }) }
}
