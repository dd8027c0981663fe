/** Service hours in a form: their zone, the times of the week, and the days on which nothing begins. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { longWeekday } from '../../../messages/format.ts'
import { Button, IconButton } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, TextArea, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { useReader } from '../../../parts/reader.ts'
import { isFailure } from '../../../shell/failure.ts'
import { ZoneNames, ZONES } from '../../on-call/editing/RotationFields.tsx'
import { slugOf } from '../../on-call/editing/slug-of.ts'
import {
  DAYS,
  definitionOf,
  draftOf,
  isWhole,
  newWindow,
  notADate,
  type Day,
  type HoursDraft,
  type WindowDraft,
} from './hours-draft.ts'
import type { Hours } from './queries.ts'
import styles from './Routing.module.css'
import { saveHours } from './save-hours.ts'
import { t } from './words.ts'

const MOST_WINDOWS = 20

const OneWindow = ({
  window,
  place,
  onChange,
  onRemove,
}: {
  window: WindowDraft
  place: number
  onChange: (change: Partial<WindowDraft>) => void
  /** Absent on the last one: hours without times are none. */
  onRemove: (() => void) | undefined
}) => {
  const reader = useReader()
  const toggled = (day: Day): readonly Day[] =>
    DAYS.filter((each) => window.days.includes(each) !== (each === day))
  return (
    <div className={styles.window}>
      <fieldset className={styles.group}>
        <legend className="visually-hidden">{t('days', { count: place + 1 })}</legend>
        <div className={styles.choices}>
          {DAYS.map((day) => (
            <Checkbox
              key={day}
              label={longWeekday(day, reader)}
              checked={window.days.includes(day)}
              onChange={() => onChange({ days: toggled(day) })}
            />
          ))}
        </div>
        {window.days.length === 0 ? <p className={form.fault}>{t('no-days')}</p> : null}
      </fieldset>
      <div className={styles.ends}>
        <TextField
          label={t('from')}
          type="time"
          required
          value={window.from}
          onChange={({ target }) => onChange({ from: target.value })}
        />
        <TextField
          label={t('to')}
          type="time"
          required
          value={window.to}
          onChange={({ target }) => onChange({ to: target.value })}
        />
        {onRemove ? (
          <IconButton icon="close" label={t('remove-window', { count: place + 1 })} onClick={onRemove} />
        ) : null}
      </div>
      {window.to <= window.from && window.to !== '00:00' ? <p className="dim">{t('over-midnight')}</p> : null}
    </div>
  )
}

const Windows = ({
  windows,
  onChange,
}: {
  windows: readonly WindowDraft[]
  onChange: (windows: readonly WindowDraft[]) => void
}) => (
  <fieldset className={styles.group}>
    <legend className={form.legend}>{t('windows')}</legend>
    {windows.map((window, place) => (
      <OneWindow
        key={window.key}
        window={window}
        place={place}
        onChange={(change) => onChange(windows.with(place, { ...window, ...change }))}
        onRemove={windows.length > 1 ? () => onChange(windows.toSpliced(place, 1)) : undefined}
      />
    ))}
    <div>
      <Button
        icon="plus"
        size="small"
        disabled={windows.length >= MOST_WINDOWS}
        onClick={() => onChange([...windows, newWindow()])}
      >
        {t('add-window')}
      </Button>
    </div>
  </fieldset>
)

const HoursDialog = ({ hours, onClose }: { hours: Hours | undefined; onClose: () => void }) => {
  const { zone } = useReader()
  const { draft, set, field } = useDraft<HoursDraft>(() => draftOf(hours, zone))
  const save = useMutation({
    mutationFn: () => saveHours(hours, { name: draft.name, slug: draft.slug, ...definitionOf(draft) }),
    onSuccess: onClose,
  })
  const failure = isFailure(save.error) ? save.error : undefined
  const faults = failure?.fields ?? {}
  const wrong = notADate(draft)
  const rename = (name: string): void => {
    const follows = !hours && draft.slug === slugOf(draft.name)
    set({ name, ...(follows ? { slug: slugOf(name) } : {}) })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isWhole(draft)) save.mutate()
  }
  return (
    <Dialog open wide onClose={onClose} title={hours ? t('edit-hours', hours) : t('new-hours')}>
      <form className={form.form} onSubmit={submit}>
        <ZoneNames />
        <TextField
          label={t('name')}
          required
          maxLength={100}
          value={draft.name}
          fault={faults['name']}
          onChange={({ target }) => rename(target.value)}
        />
        {hours ? null : (
          <TextField
            label={t('slug')}
            hint={t('slug-hint')}
            required
            mono
            maxLength={63}
            fault={faults['slug']}
            {...field('slug')}
          />
        )}
        <TextField
          label={t('zone')}
          required
          maxLength={64}
          list={ZONES}
          fault={faults['zone']}
          {...field('zone')}
        />
        <Windows windows={draft.windows} onChange={(windows) => set({ windows })} />
        <TextArea
          label={t('holidays-label')}
          optional
          hint={t('holidays-hint')}
          fault={wrong === undefined ? faults['holidays'] : t('holidays-fault', { line: wrong })}
          {...field('holidays')}
        />
        {failure?.code === 'conflict' && hours ? <p role="alert">{t('hours-overtaken')}</p> : null}
        {failure ? <ErrorNote error={failure} small /> : null}
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={save.isPending} disabled={!isWhole(draft)}>
            {t('hours-save')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default HoursDialog
