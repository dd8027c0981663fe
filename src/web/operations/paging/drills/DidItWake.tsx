/** Which of the apps that a drill reached made a sound its owner would wake by. */
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Checkbox, FormActions } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { Panel } from '../../../parts/Page.tsx'
import { toast } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { t as ways } from '../rules/words.ts'
import type { DrillDetail } from './queries.ts'
import { t } from './words.ts'

type App = DrillDetail['apps'][number]
const wayOf = ({ channel }: App): string => (channel === 'screen' ? '' : ways(`way-${channel}`))

export const DidItWake = ({ drill }: { drill: DrillDetail }) => {
  const [woke, setWoke] = useState<readonly string[]>(() =>
    drill.apps.filter((app) => app.woke === true).map(({ method }) => method),
  )
  const answer = useMutation({
    mutationFn: () => api('POST /api/drills/:drillId/answer', { drillId: drill.id, woke: [...woke] }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['drills'] })
      void queryClient.invalidateQueries({ queryKey: ['accounts', 'readiness'] })
      toast({ text: t('woke-saved') })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    answer.mutate()
  }
  return (
    <Panel title={t('woke-title')}>
      <form className={form.form} onSubmit={submit}>
        <p className="dim">{t('woke-text')}</p>
        {drill.apps.map((app) => (
          <Checkbox
            key={app.method}
            label={t('woke-yes', { way: wayOf(app) })}
            checked={woke.includes(app.method)}
            onChange={() =>
              setWoke(
                woke.includes(app.method)
                  ? woke.filter((each) => each !== app.method)
                  : [...woke, app.method],
              )
            }
          />
        ))}
        {answer.error ? <ErrorNote error={answer.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={answer.isPending}>
            {t('woke-save')}
          </Button>
        </FormActions>
      </form>
    </Panel>
  )
}
