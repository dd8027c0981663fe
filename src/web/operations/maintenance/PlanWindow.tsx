/** Plans a window under a decision: from when, until when, and what it keeps quiet. */
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { instantOf, wallFields } from '../../parts/days.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { api } from '../../shell/api.ts'
import type { DecisionDetail } from '../decision-log/queries.ts'
import { isScopeWhole, scopeDraftOf, scopeOf } from '../paging/routing/condition-draft.ts'
import { ScopeFields } from '../paging/routing/ConditionFields.tsx'
import { useWindowVerb } from './use-window-verb.ts'
import { t } from './words.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

const PlanWindow = ({
  decision,
  onClose,
}: {
  decision: Pick<DecisionDetail, 'id' | 'number'>
  onClose: () => void
}) => {
  const { zone } = useReader()
  const { draft, set, field } = useDraft(() => {
    const from = wallFields(Date.now(), zone)
    const to = wallFields(Date.now() + 2 * HOUR_MS, zone)
    return {
      ...scopeDraftOf({}),
      fromDate: from.date,
      fromTime: from.time,
      toDate: to.date,
      toTime: to.time,
    }
  })
  const { verb, faults } = useWindowVerb(
    {
      send: () => {
        const startsAt = instantOf(draft.fromDate, draft.fromTime, zone)
        return api('POST /api/maintenance-windows', {
          decisionId: decision.id,
          // The minute that has begun is now: it began while somebody was typing.
          ...(startsAt <= Date.now() && startsAt > Date.now() - 30 * MINUTE_MS ? {} : { startsAt }),
          endsAt: instantOf(draft.toDate, draft.toTime, zone),
          scope: scopeOf(draft),
        })
      },
      said: () => t('planned'),
    },
    onClose,
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isScopeWhole(draft) && !verb.isPending) verb.mutate()
  }
  return (
    <Dialog open wide onClose={onClose} title={t('plan-title', decision)} explanation={t('plan-text')}>
      <form className={form.form} onSubmit={submit}>
        <div className={form.pair}>
          <TextField
            label={t('from-date')}
            type="date"
            required
            fault={faults['startsAt']}
            {...field('fromDate')}
          />
          <TextField label={t('from-time')} type="time" required {...field('fromTime')} />
          <TextField
            label={t('to-date')}
            type="date"
            required
            fault={faults['endsAt']}
            {...field('toDate')}
          />
          <TextField label={t('to-time')} type="time" required {...field('toTime')} />
        </div>
        <p className="dim">
          {t('in-zone', { zone })} {t('scope-text')}
        </p>
        <ScopeFields draft={draft} onChange={set} />
        {verb.error ? <ErrorNote error={verb.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={verb.isPending} disabled={!isScopeWhole(draft)}>
            {t('plan-action')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default PlanWindow
