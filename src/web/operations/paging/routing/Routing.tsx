/** Which alert pages whom: rules in their order, what they would do, and the hours during which environments are served. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { EmptyState } from '../../../parts/EmptyState.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { useKeys } from '../../../parts/keys.ts'
import { newKey } from '../../../parts/moved.ts'
import { Columns, Panel } from '../../../parts/Page.tsx'
import { SkeletonLines } from '../../../parts/Skeleton.tsx'
import { isFailure } from '../../../shell/failure.ts'
import { Overtaken } from '../../on-call/editing/Overtaken.tsx'
import { SaveBar } from '../../on-call/editing/SaveBar.tsx'
import { routingQuery, useChoices, type Routing as Standing, type Rule } from './queries.ts'
import { useRoutingDraft } from './routing-draft.ts'
import styles from './Routing.module.css'
import { ResponseTimes } from './ResponseTimes.tsx'
import { RuleList } from './RuleList.tsx'
import { ServiceHours } from './ServiceHours.tsx'
import { TryIt } from './TryIt.tsx'
import { t } from './words.ts'

const RuleDialog = lazy(() => import('./RuleDialog.tsx'))
const MOST = 200
const NEW = 0

const Empty = ({ mayChange, onAdd }: { mayChange: boolean; onAdd: () => void }) => (
  <EmptyState
    icon="page"
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

/** A fault of the server names the rule by its place. */
const faultOf = (error: unknown, place: number): string | undefined =>
  isFailure(error)
    ? Object.entries(error.fields).find(([path]) => path.startsWith(`rules.${place}.`))?.[1]
    : undefined

type Draft = ReturnType<typeof useRoutingDraft>

const Rules = ({
  latest,
  draft,
  nameOf,
  onOpen,
}: {
  latest: Standing
  draft: Draft
  nameOf: (id: string) => string
  /** A rule's key, or `NEW`. */
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
  return (
    <form className={styles.rules} onSubmit={submit} data-editor="">
      {overtaken ? (
        <Overtaken
          name={t('the-rules')}
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
          title={t('rules')}
          actions={
            mayChange ? (
              <Button size="small" icon="plus" keys="n" disabled={!mayAdd} onClick={add}>
                {t('add')}
              </Button>
            ) : null
          }
        >
          <RuleList
            rules={rules}
            nameOf={nameOf}
            faultOf={(place) => faultOf(save.error, place)}
            onChange={mayChange ? change : undefined}
            onEdit={onOpen}
          />
          <p className={styles.after}>{t('rules-after')}</p>
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

const Standings = ({ latest }: { latest: Standing }) => {
  const draft = useRoutingDraft(latest)
  const choices = useChoices(latest.names)
  const [open, setOpen] = useState<number>()
  const { rules, change } = draft
  const keep = (rule: Rule): void => {
    const place = rules.findIndex(({ key }) => key === open)
    change(place === -1 ? [...rules, { key: newKey(), rule }] : rules.with(place, { ...rules[place]!, rule }))
    setOpen(undefined)
  }
  return (
    <div className={styles.layout}>
      <div className={styles.main}>
        <Rules latest={latest} draft={draft} nameOf={choices.nameOf} onOpen={setOpen} />
        <ServiceHours environments={choices.environments} />
        <ResponseTimes environments={choices.environments} />
      </div>
      <TryIt rules={rules.map(({ rule }) => rule)} choices={choices} />
      <Suspense>
        {open === undefined ? null : (
          <RuleDialog
            rule={rules.find(({ key }) => key === open)?.rule}
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

const Routing = () => {
  const { data, error, refetch } = useQuery(routingQuery)
  if (data) return <Standings latest={data} />
  return (
    <Columns>{error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={8} />}</Columns>
  )
}
export default Routing
