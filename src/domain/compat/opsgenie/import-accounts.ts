/** Users become accounts: called by a handle, with one role of ours. How they are told stays theirs to say and to prove. */
import { isRefusal } from '../../refusal.ts'
import { zoneNamed } from '../../time/zone.ts'
import type { Directory } from './directory.ts'
import type { AccountDocument } from './document.ts'
import { at, changed, entriesOf, imported, refusedField, rootOf, textAt } from './fields.ts'
import type { Fate, Place, SourceFile, Taken } from './fields.ts'
import { handleOf, lineOf, type Names } from './naming.ts'

const EMAIL =
  /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/
const LOCALE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/

type Role = AccountDocument['roles'][number]
const ROLES: Readonly<Record<string, Role>> = {
  owner: 'administrator',
  admin: 'administrator',
  user: 'engineer',
  observer: 'management',
  stakeholder: 'management',
}
const READS_ONLY = 'a role of your own that nothing is known of reads only here, until you give another'

/** Roles of one's own, by name: the built-in role that each extends. */
const extendedRoles = (files: readonly SourceFile[]): Map<string, string> =>
  new Map(
    files.map(rootOf).flatMap((role) => {
      const name = textAt(role, 'name')
      const base = textAt(role, 'extendedRole')
      return name === undefined || base === undefined ? [] : [[name.toLowerCase(), base.toLowerCase()]]
    }),
  )

const roleOf = (user: Place, extended: ReadonlyMap<string, string>): { role: Role; fate: Fate } => {
  const place = at(user, 'role')
  const name = (textAt(place, 'name') ?? textAt(place, 'id') ?? textAt(place) ?? 'user').toLowerCase()
  const built = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined
  const base = extended.get(name)
  const role =
    built ?? (base !== undefined && Object.hasOwn(ROLES, base) ? ROLES[base] : undefined) ?? 'management'
  const why =
    built !== undefined
      ? 'the nearest role here'
      : base === undefined
        ? READS_ONLY
        : `the nearest to ${base}, which it extends; its own rights are not taken over`
  return { role, fate: changed(place, role, why) }
}

const localeOf = (user: Place, fates: Fate[]): string | undefined => {
  const place = at(user, 'locale')
  const given = textAt(place)
  if (given === undefined) return undefined
  const tag = given.replaceAll('_', '-')
  if (tag.length > 35 || !LOCALE.test(tag)) {
    fates.push(refusedField(place, 'this is no language tag'))
    return undefined
  }
  fates.push(
    tag === given
      ? imported(place, 'locale')
      : changed(place, tag, 'language tags are written with a hyphen'),
  )
  return tag
}

const zoneOf = (user: Place, fates: Fate[]): string | undefined => {
  const place = at(user, 'timeZone')
  const given = textAt(place)
  if (given === undefined) return undefined
  const zone = zoneNamed(given)
  if (isRefusal(zone)) {
    fates.push(refusedField(place, 'this is no time zone that is known here'))
    return undefined
  }
  fates.push(zone === given ? imported(place, 'zone') : changed(place, zone, 'as the zone is spelled here'))
  return zone
}

const OWN_WAYS =
  'everybody adds and proves their own ways to be reached, and says when which is used (docs/reaching-people.md)'

/** Fields of a user that have no place here, with the reason. */
const WITHOUT_PLACE: Readonly<Record<string, string>> = {
  userAddress: 'postal addresses are not kept here',
  skypeUsername: 'no such way to be reached here; add another',
  tags: 'people have no tags here',
  details: 'people have no details of your own here',
  createdAt: 'what happened in OpsGenie stays there',
  mutedUntil: 'nobody is muted here; say quiet hours, or leave',
  verified: 'whoever signs in here is verified anew',
  invitationDisabled: 'invitations are made here anew',
}

const aboutTheRest = (root: Place, user: Place, email: string): Fate[] => {
  const contacts = at(user, 'userContacts')
  const ownMail = entriesOf(contacts).filter(
    (contact) => textAt(contact, 'to')?.toLowerCase() === email.toLowerCase(),
  )
  return [
    ...ownMail.map((contact) => imported(at(contact, 'to'), 'email')),
    refusedField(contacts, OWN_WAYS),
    refusedField(at(root, 'notificationRuleList'), OWN_WAYS),
    ...Object.entries(WITHOUT_PLACE).map(([field, why]) => refusedField(at(user, field), why)),
  ]
}

type Taking = {
  readonly handles: Names
  readonly addresses: Set<string>
  readonly extended: ReadonlyMap<string, string>
}

const accountFrom = (root: Place, { handles, addresses, extended }: Taking): Taken<AccountDocument> => {
  const user = at(root, 'user')
  const email = textAt(user, 'username')
  if (email === undefined) return { why: 'a user without a username is nobody' }
  if (at(user, 'blocked').value === true)
    return { why: 'this user is blocked; nobody who may not sign in is taken over' }
  if (email.length > 254 || !EMAIL.test(email))
    return { why: 'the username is not an e-mail address, and nobody can be written to' }
  if (addresses.has(email.toLowerCase())) return { why: 'another user has the same e-mail address' }
  addresses.add(email.toLowerCase())
  const given = textAt(user, 'fullName')
  const name = lineOf(given ?? '') ?? lineOf(email) ?? email.slice(0, 100)
  const { role, fate } = roleOf(user, extended)
  const handle = handles.give(handleOf(email))
  const fates: Fate[] = [
    imported(at(user, 'username'), `accounts.${handle}.email`),
    changed(at(user, 'id'), handle, 'people are called by their handle here'),
    name === given
      ? imported(at(user, 'fullName'), `accounts.${handle}.name`)
      : changed(at(user, 'fullName'), name, 'a name is one line of at most 100 visible characters'),
    fate,
    ...(at(user, 'blocked').value === false ? [imported(at(user, 'blocked'), 'may sign in')] : []),
  ]
  const locale = localeOf(user, fates)
  const zone = zoneOf(user, fates)
  fates.push(...aboutTheRest(root, user, email))
  const taken = {
    handle,
    name,
    email,
    roles: [role],
    ...(locale === undefined ? {} : { locale }),
    ...(zone === undefined ? {} : { zone }),
  }
  return { taken, fates }
}

/** @param people learns every user, those who were refused with the reason */
export const importAccounts = (
  files: readonly SourceFile[],
  customRoles: readonly SourceFile[],
  { people, handles }: { readonly people: Directory; readonly handles: Names },
  fates: Fate[],
): AccountDocument[] => {
  const taking = { handles, addresses: new Set<string>(), extended: extendedRoles(customRoles) }
  return files.map(rootOf).flatMap((root) => {
    const user = at(root, 'user')
    const account = accountFrom(root, taking)
    const names = [textAt(user, 'username') ?? []].flat()
    if ('why' in account) {
      people.add(user, names, { why: `the user was refused: ${account.why}` })
      fates.push(refusedField(root, account.why))
      return []
    }
    people.add(user, names, { to: account.taken.handle })
    fates.push(...account.fates)
    return [account.taken]
  })
}
