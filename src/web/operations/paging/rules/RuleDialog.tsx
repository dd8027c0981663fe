/** One rule: which pages, in which hours, and what is sent then, step after step. */
import type { FormEvent } from 'react'
import { Button, IconButton } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { useReader } from '../../../parts/reader.ts'
import { longWeekday } from '../../../messages/format.ts'
import { useKeepRules, type Rule, type Standing } from './queries.ts'
import styles from './Rules.module.css'
import { wayName } from './sentence.ts'
import { t } from './words.ts'

const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const NIGHTS = { from: '22:00', to: '07:00', weekdays: EVERY_DAY }

const toggled = <T,>(list: readonly T[], one: T): T[] =>
  list.includes(one) ? list.filter((each) => each !== one) : [...list, one]

type Part = { rule: Rule; onChange: (change: Partial<Rule>) => void }

const Hours = ({ rule: { hours }, onChange }: Part) => {
  const reader = useReader()
  return (
    <>
      <Checkbox
        label={t('only-hours')}
        checked={hours !== null}
        onChange={() => onChange({ hours: hours === null ? NIGHTS : null })}
      />
      {hours === null ? null : (
        <>
          <div className={form.pair}>
            <TextField
              label={t('from')}
              type="time"
              required
              value={hours.from}
              onChange={({ target }) => onChange({ hours: { ...hours, from: target.value } })}
            />
            <TextField
              label={t('to')}

              type="time"
              required
              value={hours.to}
              onChange={({ target }) => onChange({ hours: { ...hours, to: target.value } })}
            />
          </div>
          <p className="dim">{t('to-hint')}</p>
          <fieldset className={styles.choices}>
            <legend className={form.legend}>{t('weekdays')}</legend>
            {EVERY_DAY.map((day) => (
              <Checkbox
                key={day}
                label={longWeekday(day, reader)}
                checked={hours.weekdays.includes(day)}
                onChange={() => onChange({ hours: { ...hours, weekdays: toggled(hours.weekdays, day) } })}
              />
            ))}
          </fieldset>
        </>
      )}
    </>
  )
}

const Steps = ({ rule: { steps }, onChange, ways }: Part & Pick<Standing, 'ways'>) => {
  const put = (place: number, change: Partial<Rule['steps'][number]>): void =>
    onChange({ steps: steps.map((step, index) => (index === place ? { ...step, ...change } : step)) })
  const known = new Set([...ways.map(({ method }) => method), ...steps.map(({ method }) => method)])
  const last = steps.at(-1)
  return (
    <fieldset className={styles.steps}>
      <legend className={form.legend}>{t('steps')}</legend>
      {steps.map((step, place) => (
        // A step is nothing but its place, its way and its time.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={place} className={styles.step}>
          <Select
            label={t('way')}
            value={step.method}
            onChange={({ target }) => put(place, { method: target.value })}
            choices={[...known].map((method) => ({ value: method, label: wayName(method, ways) }))}
          />
          <TextField
            label={t('minutes')}
            type="number"
            min={0}
            max={1_440}
            required
            value={String(step.afterMinutes)}
            onChange={({ target }) =>
              put(place, { afterMinutes: Math.max(0, Math.trunc(Number(target.value))) })
            }
          />
          <IconButton
            icon="close"
            label={t('step-remove', { n: place + 1 })}
            disabled={steps.length === 1}
            onClick={() => onChange({ steps: steps.toSpliced(place, 1) })}
          />
        </div>
      ))}
      {steps.length < 10 && last ? (
        <Button
          size="small"
          icon="plus"
          onClick={() => onChange({ steps: [...steps, { ...last, afterMinutes: last.afterMinutes + 5 }] })}
        >
          {t('step-add')}
        </Button>
      ) : null}
    </fieldset>
  )
}

const RuleDialog = ({
  standing,
  place,
  onClose,
}: {
  standing: Standing
  /** Where the rule stands; past the last one for a new one. */
  place: number
  onClose: () => void
}) => {
  const { draft, set } = useDraft<Rule>(
    standing.rules[place] ?? {
      occasions: ['page'],
      priorities: ['P1'],
      hours: null,
      steps: [{ method: standing.ways[0]?.method ?? 'email', afterMinutes: 0 }],
    },
  )
  const keep = useKeepRules(standing, onClose)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    keep.mutate({ rules: standing.rules.toSpliced(place, 1, draft) })
  }
  return (
    <Dialog open onClose={onClose} title={t('rule-title')}>
      <form className={form.form} onSubmit={submit}>
        <fieldset className={styles.choices}>
          <legend className={form.legend}>{t('priorities')}</legend>
          {PRIORITIES.map((priority) => (
            <Checkbox
              key={priority}
              label={priority}
              checked={draft.priorities.length === 0 || draft.priorities.includes(priority)}
              onChange={() => {
                const before = draft.priorities.length === 0 ? [...PRIORITIES] : draft.priorities
                const next = toggled(before, priority)
                // None would mean all.
                if (next.length > 0) set({ priorities: next.length === PRIORITIES.length ? [] : next })
              }}
            />
          ))}
        </fieldset>
        <Hours rule={draft} onChange={set} />
        <Steps rule={draft} onChange={set} ways={standing.ways} />
        {keep.error ? <ErrorNote error={keep.error} small /> : null}
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={keep.isPending}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default RuleDialog
