/** Where a way leads and with which secret: sealed at rest, opened only to send, found again by a keyed digest. */
import { createHmac } from 'node:crypto'
import type { ContactKind } from '../../../domain/people/contact-methods/contact-method.ts'
import type { Platform } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { findMethod, type MethodRow } from './store.ts'

/** @property key what a webhook is signed with, in base64; absent for every other kind */
export type Target = { readonly address: string; readonly key?: string }

const PURPOSE = 'contact-methods'

export const sealTarget = ({ secrets }: Platform, target: Target): Buffer =>
  secrets.seal(PURPOSE, Buffer.from(JSON.stringify(target)))

export const openTarget = (
  { secrets }: Platform,
  { sealed_target }: Pick<MethodRow, 'sealed_target'>,
): Target => JSON.parse(secrets.open(PURPOSE, sealed_target).toString('utf8')) as Target

export const digestOfTarget = ({ secrets }: Platform, kind: ContactKind, address: string): Buffer =>
  createHmac('sha256', secrets.derive('contact-targets')).update(`${kind}\n${address}`).digest()

/** The target of a way that counts at this moment; undefined when it was taken back since. */
export const targetOfProven = async (
  platform: Platform,
  db: Db | Tx,
  methodId: string,
): Promise<Target | undefined> => {
  const row = await findMethod(db, methodId)
  return row && row.verified_at !== null ? openTarget(platform, row) : undefined
}
