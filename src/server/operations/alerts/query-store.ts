/**
 * A question of the query language as SQL over `alerts a`. Everything a person wrote is a parameter. What it finds is what
 * `matchesQuery` finds; row-level security and the environment a program is confined to are the statement's own affair.
 */
import { sql, type RawBuilder } from 'kysely'
import { and } from '../../../domain/operations/alerts/query/query.ts'
import type {
  Comparison,
  Moment,
  Query,
  Term,
  Wanted,
} from '../../../domain/operations/alerts/query/query.ts'
import type { ExactField, WordsField } from '../../../domain/operations/alerts/query/fields.ts'
import { idsOfTinyId } from '../../../domain/operations/alerts/tiny-id.ts'
import { isUuid } from '../../platform/ids.ts'

/** `me`: whom `owner:me` means; a program is nobody. */
export type Asking = { readonly now: number; readonly me: string | undefined }

type Sql = RawBuilder<boolean>

const operators = { '=': sql`=`, '<': sql`<`, '<=': sql`<=`, '>': sql`>`, '>=': sql`>=` } as const

const escaped = (text: string): string => text.replace(/[\\%_]/g, (found) => `\\${found}`)
const patternOf = ({ text, wild }: Wanted): string =>
  wild ? escaped(text).replaceAll('*', '%') : escaped(text)

/** Whole values, without regard to case. */
const same = (value: RawBuilder<unknown>, wanted: Wanted): Sql =>
  wanted.wild
    ? sql`${value} ilike ${patternOf(wanted)}::text`
    : sql`lower(${value}) = lower(${wanted.text}::text)`

const contains = (value: RawBuilder<unknown>, wanted: Wanted): Sql =>
  sql`${value} ilike ${`%${patternOf(wanted)}%`}::text`

const words: Readonly<Record<Exclude<WordsField, 'text'>, RawBuilder<unknown>>> = {
  message: sql`a.summary`,
  name: sql`a.name`,
  description: sql`coalesce(a.annotations ->> 'description', '')`,
  entity: sql`coalesce(a.annotations ->> 'entity', '')`,
  source: sql`coalesce(a.generator_url, a.annotations ->> 'source', '')`,
}

const lastSeenAt = sql`greatest(a.opened_at, coalesce((select s.last_seen_at from alert_sightings s where s.alert_id = a.id), 0))`
const count = sql`coalesce((select s.count from alert_sightings s where s.alert_id = a.id), 1)`
const moments = {
  createdAt: sql`a.opened_at`,
  lastOccurredAt: lastSeenAt,
  snoozedUntil: sql`case when a.status <> 'closed' then a.snoozed_until_at end`,
} as const

const instantOf = (moment: Moment, now: number): number =>
  'at' in moment ? moment.at : now + moment.fromNowMs

const compared = (value: RawBuilder<unknown>, op: Comparison, other: number): Sql =>
  sql`${value} ${operators[op]} ${other}::bigint`

const people = (wanted: Wanted, { me }: Asking): RawBuilder<unknown> => {
  if (!wanted.wild && wanted.text.toLowerCase() === 'me' && me !== undefined) return sql`select ${me}::uuid`
  const byHandle = same(sql`p.handle`, wanted)
  // A program that may not read addresses could spell one out, a star and a letter at a time.
  if (wanted.wild && me === undefined) return sql`select p.id from accounts p where ${byHandle}`
  return sql`select p.id from accounts p where ${byHandle} or ${same(sql`p.email`, wanted)} or ${same(sql`p.name`, wanted)}`
}

const owner = sql`coalesce(a.owner_id, a.acknowledged_by)`

const ownerIs = (wanted: Wanted, asking: Asking): Sql =>
  !wanted.wild && wanted.text.toLowerCase() === 'nobody'
    ? sql`${owner} is null`
    : sql`${owner} in (${people(wanted, asking)})`

const labelIs = (name: string, wanted: Wanted): Sql =>
  wanted.wild
    ? sql`a.labels ->> ${name}::text ilike ${patternOf(wanted)}::text`
    : sql`a.labels @> ${JSON.stringify({ [name]: wanted.text })}::jsonb`

/** A slug is one row at most: the comparison with its id can use the order of an index, which `in` cannot. */
const ofSlug = (
  column: 'environment_id' | 'customer_id',
  table: 'environments' | 'customers',
  wanted: Wanted,
): Sql =>
  wanted.wild
    ? sql`a.${sql.ref(column)} in (select t.id from ${sql.table(table)} t where ${same(sql`t.slug`, wanted)})`
    : sql`a.${sql.ref(column)} = (select t.id from ${sql.table(table)} t where t.slug = lower(${wanted.text}::text))`

const byTinyId = (text: string): Sql => {
  const ids = idsOfTinyId(text)
  return ids ? sql`a.id between ${ids[0]}::uuid and ${ids[1]}::uuid` : sql`false`
}

const exact = (field: ExactField, wanted: Wanted, asking: Asking): Sql => {
  switch (field) {
    case 'alertId':
      return isUuid(wanted.text.toLowerCase()) ? sql`a.id = ${wanted.text.toLowerCase()}::uuid` : sql`false`
    case 'tinyId':
      return byTinyId(wanted.text)
    case 'alias':
      return same(sql`coalesce(nullif(a.annotations ->> 'alias', ''), a.id::text)`, wanted)
    case 'tag':
      return wanted.wild
        ? sql`exists (select 1 from unnest(a.tags) t where ${same(sql`t`, wanted)})`
        : sql`a.tag_keys @> array[lower(${wanted.text}::text)]`
    case 'owner':
      return ownerIs(wanted, asking)
    case 'responders':
      return sql`exists (select 1 from page_alerts pa join page_intents i on i.page_id = pa.page_id
                         where pa.alert_id = a.id and i.account_id in (${people(wanted, asking)}))`
    case 'teams':
      return same(sql`a.labels ->> 'team'`, wanted)
    case 'cluster':
      return same(sql`a.labels ->> 'cluster'`, wanted)
    case 'severity':
      return same(sql`a.severity`, wanted)
    case 'integration.name':
      return sql`a.key_id in (select k.id from integration_keys k where ${same(sql`k.name`, wanted)})`
    case 'details.key':
      return sql`exists (select 1 from jsonb_object_keys(a.labels) k where ${same(sql`k`, wanted)})`
    case 'details.value':
      return sql`exists (select 1 from jsonb_each_text(a.labels) l where ${same(sql`l.value`, wanted)})`
    case 'environment':
      return ofSlug('environment_id', 'environments', wanted)
    case 'customer':
      return ofSlug('customer_id', 'customers', wanted)
  }
}

const statusIs = (is: 'open' | 'acknowledged' | 'closed'): Sql => {
  switch (is) {
    case 'open':
      return sql`a.status <> 'closed'`
    case 'acknowledged':
      return sql`a.status = 'acknowledged'`
    case 'closed':
      return sql`a.status = 'closed'`
  }
}

const termSql = (term: Term, asking: Asking): Sql => {
  switch (term.kind) {
    case 'status':
      return statusIs(term.is)
    case 'truth': {
      const holds: Sql =
        term.field === 'snoozed'
          ? sql`(a.snoozed_until_at is not null and a.status <> 'closed')`
          : sql`(a.acknowledged_at is not null)`
      return term.is ? holds : sql`not ${holds}`
    }
    case 'priority':
      return sql`a.priority ${operators[term.op]} ${term.value}::smallint`
    case 'count':
      return compared(count, term.op, term.value)
    case 'moment':
      return compared(moments[term.field], term.op, instantOf(term.moment, asking.now))
    case 'exact':
      return exact(term.field, term.wanted, asking)
    case 'words':
      return term.field === 'text'
        ? sql`(${contains(words.name, term.wanted)} or ${contains(words.message, term.wanted)})`
        : contains(words[term.field], term.wanted)
    case 'label':
      return labelIs(term.name, term.wanted)
  }
}

const parts = (query: Query): readonly Query[] => (query.kind === 'and' ? query.parts : [query])

/** Decided by the index of what is not closed, without looking at the row. */
const isInIndex = (part: Query): boolean =>
  part.kind === 'all' ||
  part.kind === 'status' ||
  part.kind === 'priority' ||
  (part.kind === 'moment' && part.field === 'createdAt') ||
  (part.kind === 'exact' && (part.field === 'environment' || part.field === 'customer') && !part.wanted.wild)

/**
 * Found by value, whatever else is asked of the one that has it. Labels and tags are looked for as words are: an index of
 * theirs was measured and cost every new alert a third of its insert (migrations/0077).
 */
const isFoundByValue = (part: Query): boolean =>
  part.kind === 'exact' && (part.field === 'alertId' || part.field === 'tinyId') && !part.wanted.wild

/**
 * How to look. `looked` is null where indexes find the answer; otherwise rows are looked at one after the other, and
 * `first` is what the index decides beforehand.
 * @param notClosed only those are asked for: the indexes hold no others
 */
export const planOf = (
  query: Query,
  { notClosed }: { readonly notClosed: boolean },
): { readonly first: Query; readonly looked: Query | null } => {
  const all = parts(query)
  if (!notClosed)
    return all.every(({ kind }) => kind === 'all')
      ? { first: query, looked: null }
      : { first: { kind: 'all' }, looked: query }
  if (all.some(isFoundByValue) || all.every(isInIndex)) return { first: query, looked: null }
  return { first: and(...all.filter(isInIndex)), looked: and(...all.filter((part) => !isInIndex(part))) }
}

/** Terms stand as they are, so that indexes serve them; what cannot be said of an alert counts as not so, also under NOT. */
export const querySql = (query: Query, asking: Asking): Sql => {
  switch (query.kind) {
    case 'all':
      return sql`true`
    case 'and':
    case 'or':
      return sql`(${sql.join(
        query.parts.map((part) => querySql(part, asking)),
        query.kind === 'and' ? sql` and ` : sql` or `,
      )})`
    case 'not':
      return sql`((${querySql(query.part, asking)}) is not true)`
    default:
      return termSql(query, asking)
  }
}
