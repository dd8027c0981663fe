/** The alert policies: in their order, as sentences, with what they could not do, and what they would have changed. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { EmptyState } from '../../../parts/EmptyState.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import form from '../../../parts/Form.module.css'
import { useKeys } from '../../../parts/keys.ts'
import { newKey } from '../../../parts/moved.ts'
import { Ordered } from '../../../parts/Ordered.tsx'
import { Columns, Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { api } from '../../../shell/api.ts'
import { isFailure } from '../../../shell/failure.ts'
import { Overtaken } from '../../on-call/editing/Overtaken.tsx'
import { SaveBar } from '../../on-call/editing/SaveBar.tsx'
import { useListDraft, type KeyedEntry, type ListKind } from '../../paging/routing/list-draft.ts'
import { useChoices } from '../../paging/routing/queries.ts'
import styles from '../../paging/routing/Routing.module.css'
import { policiesQuery, type Policy, type Standing } from './queries.ts'
import { policyInWords } from './sentence.ts'
import { TryPolicies } from './TryPolicies.tsx'
import { t } from './words.ts'

const PolicyDialog = lazy(() => import('./PolicyDialog.tsx'))
const MOST = 200
const NEW = 0

const list: ListKind<Standing, Policy> = {
  queryKey: policiesQuery.queryKey,
  entriesOf: ({ policies }) => policies,
  put: (policies, ifVersion) => api('PUT /api/alert-policies', { policies: [...policies], ifVersion }),
  said: () => ({ saved: t('saved'), undone: t('undone') }),
}

const Words = ({
  policy,
  nameOf,
  fault,
}: {
  policy: Policy
  nameOf: (id: string) => string
  fault: Standing['faults'][number] | undefined
}) => {
  const reader = useReader()
  return (
    <div className={styles.words}>
      <p className={styles.name}>{policy.name}</p>
      <p>{policyInWords(policy, nameOf, reader)}</p>
      {fault ? (
        <p className={form.fault}>
          {t('fault-times', { count: fault.count })}: {fault.detail}
        </p>
      ) : null}
    </div>
  )
}

const Empty = ({ mayChange, onAdd }: { mayChange: boolean; onAdd: () => void }) => (
  <EmptyState
    icon="alert"
    title={t('empty-title')}
    {...(mayChange ? { command: t('empty-command') } : {})}
    action={
      mayChange ? (
        <Button tone="primary" icon="plus" keys="n" onClick={onAdd}>
          {t('add')}
        </Button>
      ) : null
    }
  >
    {t(mayChange ? 'empty-text' : 'empty-reader')}
  </EmptyState>
)

type Row = KeyedEntry<Policy>

const List = ({
  rows,
  wordsOf,
  onChange,
  onEdit,
}: {
  rows: readonly Row[]
  wordsOf: (policy: Policy) => ReturnType<typeof Words>
  /** Absent for who only reads. */
  onChange: ((rows: readonly Row[]) => void) | undefined
  onEdit: (key: number) => void
}) =>
  onChange ? (
    <Ordered
      label={t('policies')}
      rows={rows}
      nameOf={({ rule }) => rule.name}
      onChange={onChange}
      numbered
      wordy
    >
      {({ key, rule }) => (
        <div className={styles.rule}>
          {wordsOf(rule)}
          <Button size="small" aria-label={t('edit-policy', rule)} onClick={() => onEdit(key)}>
            {t('edit')}
          </Button>
        </div>
      )}
    </Ordered>
  ) : (
    <ol className={styles.plain} aria-label={t('policies')}>
      {rows.map(({ key, rule }) => (
        <li key={key}>{wordsOf(rule)}</li>
      ))}
    </ol>
  )

const Arranged = ({
  latest,
  draft,
  nameOf,
  onOpen,
}: {
  latest: Standing
  draft: ReturnType<typeof useListDraft<Standing, Policy>>
  nameOf: (id: string) => string
  onOpen: (key: number) => void
}) => {
  const { base, rules, unsaved, save, overtaken, change, discard, rebase } = draft
  const mayChange = latest.can.change
  const mayAdd = mayChange && rules.length < MOST
  const add = (): void => onOpen(NEW)
  useKeys(mayAdd ? [{ keys: 'n', label: t('add'), run: add }] : [])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (unsaved && !overtaken && !save.isPending) save.mutate()
  }
  const failure = isFailure(save.error) && save.error.code !== 'conflict' ? save.error : undefined
  const wordsOf = (policy: Policy) => (
    <Words
      policy={policy}
      nameOf={nameOf}
      fault={latest.faults.find(({ policyId }) => policyId === policy.id)}
    />
  )
  return (
    <form className={styles.rules} onSubmit={submit} data-editor="">
      {overtaken ? (
        <Overtaken
          name={t('the-policies')}
          mine={base.version}
          theirs={latest.version}
          onKeep={rebase}
          onTake={discard}
        />
      ) : null}
      {rules.length === 0 ? (
        <Empty mayChange={mayChange} onAdd={add} />
      ) : (
        <Panel
          title={t('policies')}
          actions={
            mayChange ? (
              <Button size="small" icon="plus" keys="n" disabled={!mayAdd} onClick={add}>
                {t('add')}
              </Button>
            ) : null
          }
        >
          <List rows={rules} wordsOf={wordsOf} onChange={mayChange ? change : undefined} onEdit={onOpen} />
          <p className={styles.after}>{t('policies-after')}</p>
        </Panel>
      )}
      {failure ? <ErrorNote error={failure} small /> : null}
      {unsaved ? (
        <SaveBar
          action={t('save')}
          unsaved={unsaved}
          busy={save.isPending}
          disabled={overtaken}
          onDiscard={discard}
        />
      ) : null}
    </form>
  )
}

const Loaded = ({ latest }: { latest: Standing }) => {
  const draft = useListDraft(list, latest)
  const choices = useChoices(latest.names)
  const [open, setOpen] = useState<number>()
  const { rules, change } = draft
  const keep = (policy: Policy): void => {
    const place = rules.findIndex(({ key }) => key === open)
    change(
      place === -1
        ? [...rules, { key: newKey(), rule: policy }]
        : rules.with(place, { ...rules[place]!, rule: policy }),
    )
    setOpen(undefined)
  }
  return (
    <div className={styles.layout}>
      <div className={styles.main}>
        <Arranged latest={latest} draft={draft} nameOf={choices.nameOf} onOpen={setOpen} />
      </div>
      <TryPolicies policies={rules.map(({ rule }) => rule)} choices={choices} />
      <Suspense>
        {open === undefined ? null : (
          <PolicyDialog
            policy={rules.find(({ key }) => key === open)?.rule}
            taken={rules.map(({ rule }) => rule.id)}
            choices={choices}
            onKeep={keep}
            onClose={() => setOpen(undefined)}
          />
        )}
      </Suspense>
    </div>
  )
}

const Policies = () => {
  const { data, error, refetch } = useQuery(policiesQuery)
  if (data) return <Loaded latest={data} />
  return (
    <Columns>{error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}</Columns>
  )
}
export default Policies
