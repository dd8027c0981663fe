/** When a rotation counts: always, between two times of each day, or in stretches of the week. */
import { longWeekday } from '../../../messages/format.ts'
import { Button, IconButton } from '../../../parts/Button.tsx'
import { Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { useReader } from '../../../parts/reader.ts'
import styles from './Editing.module.css'
import { newSpan, type RestrictionDraft, type SpanDraft } from './restriction-draft.ts'
import { t } from './words.ts'

type FaultOf = (field: string) => string | undefined
const MOST_SPANS = 21

const Span = ({
  span,
  place,
  faultOf,
  onChange,
  onRemove,
}: {
  span: SpanDraft
  place: number
  faultOf: FaultOf
  onChange: (span: SpanDraft) => void
  /** Absent on the last one: a restriction to nothing is none. */
  onRemove: (() => void) | undefined
}) => {
  const reader = useReader()
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: longWeekday(day, reader) }))
  const field = (name: Exclude<keyof SpanDraft, 'key'>) => ({
    value: span[name],
    onChange: (event: { target: { value: string } }) => onChange({ ...span, [name]: event.target.value }),
  })
  const fault = (edge: 'from' | 'to') => faultOf(`restriction.spans.${place}.${edge}.time`)
  return (
    <li className={styles.span}>
      <Select label={t('counts-from')} choices={days} {...field('fromDay')} />
      <TextField
        label={t('hand-over-time')}
        type="time"
        required
        fault={fault('from')}
        {...field('fromTime')}
      />
      <Select label={t('counts-to')} choices={days} {...field('toDay')} />
      <TextField label={t('hand-over-time')} type="time" required fault={fault('to')} {...field('toTime')} />
      {onRemove ? (
        <IconButton icon="close" label={t('remove-span', { count: place + 1 })} onClick={onRemove} />
      ) : null}
    </li>
  )
}

export const RestrictionFields = ({
  restriction,
  onChange,
  faultOf,
}: {
  restriction: RestrictionDraft
  onChange: (change: Partial<RestrictionDraft>) => void
  faultOf: FaultOf
}) => {
  const { counts, dayFrom, dayTo, spans } = restriction
  return (
    <div className={styles.group}>
      <Select
        label={t('counts')}
        value={counts}
        fault={faultOf('restriction')}
        onChange={({ target }) => onChange({ counts: target.value as RestrictionDraft['counts'] })}
        choices={[
          { value: 'always', label: t('counts-always') },
          { value: 'time-of-day', label: t('counts-day') },
          { value: 'weekday-and-time-of-day', label: t('counts-week') },
        ]}
      />
      {counts === 'time-of-day' ? (
        <div className={form.pair}>
          <TextField
            label={t('counts-from')}
            type="time"
            required
            value={dayFrom}
            fault={faultOf('restriction.from')}
            onChange={({ target }) => onChange({ dayFrom: target.value })}
          />
          <TextField
            label={t('counts-to')}
            type="time"
            required
            value={dayTo}
            fault={faultOf('restriction.to')}
            onChange={({ target }) => onChange({ dayTo: target.value })}
          />
        </div>
      ) : null}
      {counts === 'time-of-day' && dayTo <= dayFrom ? (
        <p className={styles.hint}>{t(dayTo === dayFrom ? 'counts-whole' : 'counts-overnight')}</p>
      ) : null}
      {counts === 'weekday-and-time-of-day' ? (
        <>
          <ul className={styles.spans}>
            {spans.map((span, place) => (
              <Span
                key={span.key}
                span={span}
                place={place}
                faultOf={faultOf}
                onChange={(changed) => onChange({ spans: spans.with(place, changed) })}
                onRemove={spans.length > 1 ? () => onChange({ spans: spans.toSpliced(place, 1) }) : undefined}
              />
            ))}
          </ul>
          {spans.length < MOST_SPANS ? (
            <div>
              <Button icon="plus" size="small" onClick={() => onChange({ spans: [...spans, newSpan()] })}>
                {t('add-span')}
              </Button>
            </div>
          ) : null}
        </>
      ) : null}
    </div>
  )
}
