/** The installation itself: its name, how it is, and the whole team as one document. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { Fact, Facts, Panel } from '../../parts/Page.tsx'
import { Settled } from '../../parts/Settled.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { healthQuery } from '../../shell/health.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMay, useMe } from '../../shell/session.ts'
import styles from '../accounts/Settings.module.css'
import { t } from '../accounts/words.ts'
import { Configuration } from './Configuration.tsx'

const Health = () => (
  <Panel title={t('health')}>
    <Settled query={useQuery(healthQuery)}>
      {(health) => (
        <Facts>
          <Fact name={t('version')}>
            <span className="mono">{health.version}</span>
          </Fact>
          <Fact name={t('database')}>
            <Badge tone={health.database ? 'green' : 'red'}>
              {health.database ? t('database-answers') : t('database-silent')}
            </Badge>
          </Fact>
          <Fact name={t('state')}>
            <Badge tone={health.held ? 'red' : 'green'}>
              {health.held ? t('state-held') : t('state-running')}
            </Badge>
          </Fact>
        </Facts>
      )}
    </Settled>
  </Panel>
)

const Organisation = () => {
  const { organisation } = useMe()
  const { draft, field } = useDraft({ name: organisation })
  const rename = useMutation({
    mutationFn: () => api('PUT /api/organisation', draft),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['me'] })
      toast({ text: t('saved') })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    rename.mutate()
  }
  return (
    <Panel title={t('organisation')}>
      <form onSubmit={submit} className={form.form}>
        <TextField label={t('organisation-name')} required maxLength={100} {...field('name')} />
        {rename.error ? <ErrorNote error={rename.error} small /> : null}
        <FormActions>
          <Button type="submit" busy={rename.isPending}>
            {t('save')}
          </Button>
        </FormActions>
      </form>
    </Panel>
  )
}

const Installation = () => {
  const may = useMay()
  return (
    <div className={styles.section}>
      <Health />
      {may('installation.change') ? <Organisation /> : null}
      {may('configuration.read') ? <Configuration /> : null}
    </div>
  )
}
export default Installation
