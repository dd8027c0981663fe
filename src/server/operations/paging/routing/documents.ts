/** Routing rules and service hours as a team writes them in a file: everything by slug, days by name. */
import { z } from 'zod'
import { routingRule, serviceHoursDefinition } from '../../../../contract/operations/routing.ts'
import { line, slug } from '../../../../contract/shapes.ts'
import { conditionDocument } from '../../alerts/index.ts'
import { WEEKDAYS } from '../../on-call/index.ts'
import type { StoredHours } from './store.ts'

export const hoursDocument = z.strictObject({
  slug,
  name: line(100),
  zone: serviceHoursDefinition.shape.zone.describe('IANA name, such as Europe/Stockholm.'),
  windows: z
    .array(
      z.strictObject({
        days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
        from: z.string().describe('As "06:00".'),
        to: z
          .string()
          .describe('As "22:00"; at or before `from` it goes over midnight; "24:00" ends the day.'),
      }),
    )
    .min(1)
    .max(20),
  holidays: serviceHoursDefinition.shape.holidays.describe('Dates on which no window begins.').optional(),
})
export type HoursDocument = z.output<typeof hoursDocument>

export const environmentHoursDocument = z.strictObject({
  environment: slug,
  serviceHours: slug.describe(
    'During which hours it is served; one that is not named is served around the clock.',
  ),
})
export type EnvironmentHoursDocument = z.output<typeof environmentHoursDocument>

const policy = slug.describe('The environment’s own when left out.').optional()
export const ruleDocument = z.strictObject({
  id: routingRule.shape.id.describe('Unique among the rules.'),
  name: line(100),
  position: z.number().int().min(1).max(200).describe('The first rule that fits decides.'),
  when: conditionDocument,
  does: z.union([
    z.strictObject({ page: z.strictObject({ escalationPolicy: policy }) }),
    z.strictObject({ wait: z.strictObject({ escalationPolicy: policy }) }),
    z.strictObject({ list: z.strictObject({}) }),
  ]),
})
export type RuleDocument = z.output<typeof ruleDocument>

export const hoursFromDocument = ({ zone, windows, holidays }: HoursDocument) => ({
  zone,
  windows: windows.map(({ days, from, to }) => ({
    days: days.map((day) => (WEEKDAYS.indexOf(day) + 1) as 1),
    from,
    to,
  })),
  holidays: [...(holidays ?? [])],
})

export const documentOfHours = ({
  slug: name,
  name: called,
  zone,
  windows,
  holidays,
}: StoredHours): HoursDocument => ({
  slug: name,
  name: called,
  zone,
  windows: windows.map(({ days, from, to }) => ({
    days: days.map((day) => WEEKDAYS[day - 1] as (typeof WEEKDAYS)[number]),
    from,
    to,
  })),
  holidays: [...holidays],
})
