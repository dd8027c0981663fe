/** The hours in which only P1 rings. */
import type { FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { Panel } from '../../../parts/Page.tsx'
import { useKeepRules, type Standing } from './queries.ts'
import { t } from './words.ts'

export const QuietHours = ({ standing }: { standing: Standing }) => {
  const { draft, set, field } = useDraft({
    on: standing.quiet !== null,
    from: standing.quiet?.from ?? '22:00',
    to: standing.quiet?.to ?? '07:00',
  })
  const keep = useKeepRules(standing, () => undefined)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    keep.mutate({ quiet: draft.on ? { from: draft.from, to: draft.to } : null })
  }
  return (
    <Panel title={t('quiet')}>
      <form className={form.form} onSubmit={submit}>
        <p className="dim">{t('quiet-text')}</p>
        <Checkbox label={t('quiet-on')} checked={draft.on} onChange={() => set({ on: !draft.on })} />
        {draft.on ? (
          <div className={form.pair}>
            <TextField label={t('from')} type="time" required {...field('from')} />
            <TextField label={t('to')} type="time" required {...field('to')} />
          </div>
        ) : null}
        {draft.on ? <p className="dim">{t('to-hint')}</p> : null}
        {keep.error ? <ErrorNote error={keep.error} small /> : null}
        <FormActions>
          <Button type="submit" busy={keep.isPending}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Panel>
  )
}
