/** One rotation of a rota: who, how long, and when duty changes hands. */
import { TextField, Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { useReader } from '../../../parts/reader.ts'
import { longWeekday } from '../../../messages/format.ts'
import { ParticipantOrder, type Person } from './ParticipantOrder.tsx'
import { RestrictionFields } from './RestrictionFields.tsx'
import type { Kind, RotationDraft } from './rota-draft.ts'
import { t } from './words.ts'

export const ZONES = 'zones-of-the-world'

/** Names for the zone field, once for however many rotations. */
export const ZoneNames = () => (
  <datalist id={ZONES}>
    {Intl.supportedValuesOf('timeZone').map((zone) => (
      <option key={zone} value={zone}>
        {zone}
      </option>
    ))}
  </datalist>
)

type TextKey =
  | 'kind'
  | 'every'
  | 'weekday'
  | 'dayOfMonth'
  | 'time'
  | 'zone'
  | 'startsOn'
  | 'endsOn'
  | 'onlyOn'
type FaultOf = (field: string) => string | undefined
type FieldProps = { value: string; onChange: (event: { target: { value: string } }) => void }

const KINDS: Record<Kind, { length: string; most: number; unit: 'hours' | 'days' | 'weeks' | 'months' }> = {
  hourly: { length: 'everyHours', most: 720, unit: 'hours' },
  daily: { length: 'everyDays', most: 365, unit: 'days' },
  weekly: { length: 'everyWeeks', most: 52, unit: 'weeks' },
  monthly: { length: 'everyMonths', most: 12, unit: 'months' },
}

/** How long a turn is, and the moment at which it ends. */
const TurnFields = ({
  rotation,
  field,
  faultOf,
}: {
  rotation: RotationDraft
  field: (name: TextKey) => FieldProps
  faultOf: FaultOf
}) => {
  const reader = useReader()
  const { kind } = rotation
  const { length, most } = KINDS[kind]
  return (
    <>
      <TextField
        label={t('every')}
        type="number"
        min={1}
        max={most}
        required
        fault={faultOf(length)}
        {...field('every')}
      />
      <Select
        label={t('every-unit')}
        {...field('kind')}
        choices={Object.entries(KINDS).map(([value, { unit }]) => ({
          value,
          label: t(unit, { count: Number(rotation.every) || 1 }),
        }))}
      />
      {kind === 'weekly' ? (
        <Select
          label={t('hand-over-day')}
          fault={faultOf('handOver') ?? faultOf('handOver.weekday')}
          {...field('weekday')}
          choices={[1, 2, 3, 4, 5, 6, 7].map((day) => ({
            value: String(day),
            label: longWeekday(day, reader),
          }))}
        />
      ) : null}
      {kind === 'monthly' ? (
        <Select
          label={t('hand-over-day')}
          fault={faultOf('handOver') ?? faultOf('handOver.dayOfMonth')}
          {...field('dayOfMonth')}
          choices={Array.from({ length: 31 }, (_, day) => ({
            value: String(day + 1),
            label: day === 30 ? t('last-of-month') : t('day-of-month', { count: day + 1 }),
          }))}
        />
      ) : null}
      <TextField
        label={t(kind === 'hourly' ? 'counted-from' : kind === 'daily' ? 'handed-over-at' : 'hand-over-time')}
        type="time"
        required
        fault={faultOf('handOver.time')}
        {...field('time')}
      />
    </>
  )
}

/** From when to when it counts, and on which dates alone. */
const DateFields = ({
  rotation,
  field,
  faultOf,
}: {
  rotation: RotationDraft
  field: (name: TextKey) => FieldProps
  faultOf: FaultOf
}) => (
  <>
    <div className={form.pair}>
      <TextField
        label={t('starts-on')}
        type="date"
        hint={rotation.kind === 'weekly' || rotation.kind === 'monthly' ? t('starts-on-hint') : undefined}
        required
        fault={faultOf('startsOn')}
        {...field('startsOn')}
      />
      <TextField
        label={t('ends-on')}
        type="date"
        optional
        hint={t('ends-on-hint')}
        fault={faultOf('endsOn')}
        {...field('endsOn')}
      />
    </div>
    <TextField
      label={t('only-on')}
      optional
      hint={t('only-on-hint')}
      placeholder="2026-12-24, 2026-12-25"
      spellCheck={false}
      fault={faultOf('onlyOn') ?? faultOf('onlyOn.0')}
      {...field('onlyOn')}
    />
  </>
)

export const RotationFields = ({
  rotation,
  known,
  onChange,
  faultOf,
}: {
  rotation: RotationDraft
  known: readonly Person[]
  onChange: (rotation: RotationDraft) => void
  /** What is wrong with a field, by its name in the contract: `zone`, `participants.2`. */
  faultOf: FaultOf
}) => {
  const field = (name: TextKey): FieldProps => ({
    value: rotation[name],
    onChange: ({ target }) => onChange({ ...rotation, [name]: target.value }),
  })
  return (
    <div className={form.form}>
      <ParticipantOrder
        turns={rotation.turns}
        known={known}
        onChange={(turns) => onChange({ ...rotation, turns })}
        faultOf={(place) => faultOf(`participants.${place}`)}
        fault={faultOf('participants')}
      />
      <div className={form.pair}>
        <TurnFields rotation={rotation} field={field} faultOf={faultOf} />
        <TextField
          label={t('zone')}
          required
          list={ZONES}
          spellCheck={false}
          autoCapitalize="off"
          fault={faultOf('zone')}
          {...field('zone')}
        />
      </div>
      <DateFields rotation={rotation} field={field} faultOf={faultOf} />
      <RestrictionFields
        restriction={rotation}
        onChange={(change) => onChange({ ...rotation, ...change })}
        faultOf={faultOf}
      />
    </div>
  )
}
