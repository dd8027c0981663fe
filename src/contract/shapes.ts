/** Shapes that every area shares: ids, instants, pages of a list. */
import { z } from 'zod'

export const id = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'not an id')
/** An incident as people call it in its environment, `I-7`, or its id. */
export const incidentName = z
  .string()
  .regex(
    /^([Ii]-\d{1,9}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/,
    'a number such as I-7, or an id',
  )
/** Epoch milliseconds, of the years 1970 to 9999: anything else could be stored and never be shown. */
export const instant = z.number().int().min(0).max(253_402_300_799_999)
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, at most 63')
export const zone = z.string().max(64)
/** Half a surrogate pair is no character: databases and canonical JSON refuse it. */
const wellFormed = (text: string): boolean => text.isWellFormed()
const NOT_WELL_FORMED = 'contains half a character'

/** Controls drive terminals, and marks of direction make a line read as another one. */
const ONE_LINE = /^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/
/** Spaces of no width and their like look like nothing at all. */
const isVisible = (text: string): boolean => /[^\s\p{Cf}]/u.test(text)

/** One line a person reads, with something to see in it. */
export const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(most)
    .regex(ONE_LINE, 'one line without control characters')
    .refine(wellFormed, NOT_WELL_FORMED)
    .refine(isVisible, 'must show something')
/** Longer text, Markdown as written; line breaks and tabs allowed. */
export const prose = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'no control characters')
    .refine(wellFormed, NOT_WELL_FORMED)
export const emailAddress = z.email().max(254)

/** Keyset paging: pass `next` of a reply as `after` of the next request. */
export const paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).optional(),
  after: z
    .string()
    .max(200)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'not a place in this list')
    .optional(),
})
export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), next: z.string().nullable() })

export const done = z.object({ done: z.literal(true) })

/** A person as shown beside what they did. */
export const personRef = z.object({ id, name: z.string() })
export const environmentRef = z.object({ id, slug: z.string(), name: z.string() })
