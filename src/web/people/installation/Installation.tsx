/** The installation itself: its name, how it is, and the whole team as one document. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button, buttonLook } from '../../parts/Button.tsx'
import { useDraft } from '../../parts/draft.ts'
import { Command } from '../../parts/EmptyState.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { Fact, Facts, Panel } from '../../parts/Page.tsx'
import { Settled } from '../../parts/Settled.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { installationQuery } from '../../shell/installation.ts'
import { WaysHere } from '../../operations/paging/readiness/WaysHere.tsx'
import { queryClient } from '../../shell/query-client.ts'
import { useMay, useMe } from '../../shell/session.ts'
import styles from '../accounts/Settings.module.css'
import { t } from '../accounts/words.ts'
import { Configuration } from './Configuration.tsx'
import { Held } from './Held.tsx'

const State = () => (
  <Panel title={t('state')}>
    <Settled query={useQuery(installationQuery)}>
      {({ version, held }) => (
        <Facts>
          <Fact name={t('version')}>
            <span className="mono">{version}</span>
          </Fact>
          <Fact name={t('state')}>
            <Badge tone={held ? 'red' : 'green'}>{held ? t('state-held') : t('state-running')}</Badge>
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

const Backup = () => (
  <Panel
    title={t('backup')}
    actions={
      <a href="/api/installation/backup" className={buttonLook('plain', 'small')} download>
        {t('backup-download')}
      </a>
    }
  >
    <p className={styles.text}>{t('backup-text')}</p>
    <Command text="fortnight backup -o fortnight-backup.tar.gz" />
  </Panel>
)

const Installation = () => {
  const may = useMay()
  const held = useQuery(installationQuery).data?.held
  return (
    <div className={styles.section}>
      {held ? <Held /> : null}
      <State />
      {may('on-call.read') ? <WaysHere /> : null}
      {may('installation.change') ? <Organisation /> : null}
      {may('installation.backup') ? <Backup /> : null}
      {may('configuration.read') ? <Configuration /> : null}
    </div>
  )
}
export default Installation
