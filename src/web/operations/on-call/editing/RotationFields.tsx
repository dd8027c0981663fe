/** One rotation of a rota: who, how long, and when duty changes hands. */
import { TextField, Select } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { useReader } from '../../../parts/reader.ts'
import { longWeekday } from '../../../messages/format.ts'
import { ParticipantOrder, type Person } from './ParticipantOrder.tsx'
import type { RotationDraft } from './rota-draft.ts'
import { t } from './words.ts'

const MOST_WEEKS = [1, 2, 3, 4, 5, 6, 8, 12, 26, 52]
const ZONES = 'zones-of-the-world'

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

type TextKey = Exclude<keyof RotationDraft, 'key' | 'turns'>

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
  faultOf: (field: string) => string | undefined
}) => {
  const reader = useReader()
  const field = (name: TextKey) => ({
    value: rotation[name],
    onChange: (event: { target: { value: string } }) => onChange({ ...rotation, [name]: event.target.value }),
  })
  const weeks = [...new Set([...MOST_WEEKS, Number(rotation.everyWeeks)])].toSorted((a, b) => a - b)
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
        <Select
          label={t('every-weeks')}
          fault={faultOf('everyWeeks')}
          {...field('everyWeeks')}
          choices={weeks.map((count) => ({ value: String(count), label: t('weeks', { count }) }))}
        />
        <Select
          label={t('hand-over-day')}
          fault={faultOf('handOver') ?? faultOf('handOver.weekday')}
          {...field('weekday')}
          choices={[1, 2, 3, 4, 5, 6, 7].map((day) => ({
            value: String(day),
            label: longWeekday(day, reader),
          }))}
        />
        <TextField
          label={t('hand-over-time')}
          type="time"
          required
          fault={faultOf('handOver.time')}
          {...field('time')}
        />
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
      <TextField
        label={t('starts-on')}
        type="date"
        hint={t('starts-on-hint')}
        required
        fault={faultOf('startsOn')}
        {...field('startsOn')}
      />
    </div>
  )
}
