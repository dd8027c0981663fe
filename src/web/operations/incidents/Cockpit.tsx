/** The incident cockpit: Observe, Orient, Decide, Act side by side, nothing modal in the way, keys for all of it. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useRef, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Columns, Page, Panel } from '../../parts/Page.tsx'
import { SkeletonLines } from '../../parts/Skeleton.tsx'
import { Timeline } from '../../parts/Timeline.tsx'
import { toast } from '../../parts/Toast.tsx'
import { useCommands } from '../../shell/commands.ts'
import styles from './Cockpit.module.css'
import { Act, Decide, recordCommand } from './DecideAndAct.tsx'
import { useIncidentCommand } from './incident-command.ts'
import type { IncidentQuestion } from './IncidentDialogs.tsx'
import { IncidentRail } from './IncidentRail.tsx'
import { Observe } from './Observe.tsx'
import { Orient } from './Orient.tsx'
import { PhaseBar } from './PhaseBar.tsx'
import { incidentQuery, type Incident } from './queries.ts'
import { happened, t } from './words.ts'

const IncidentDialogs = lazy(() => import('./IncidentDialogs.tsx'))
const NewDecision = lazy(() => import('../decision-log/NewDecision.tsx'))
const BreakGlass = lazy(() => import('../decision-log/BreakGlass.tsx'))
const route = getRouteApi('/frame/incidents/$incidentId')

type Asking = IncidentQuestion | 'decision' | 'glass'
type Verb = { readonly id: string; readonly keys: string; readonly label: string; readonly run: () => void }

/** What ends or reopens it: these are the buttons of the title row. */
const endingsOf = ({ can }: Incident, ask: (asking: Asking) => void): readonly Verb[] => [
  ...(can.mitigate ? [{ id: 'mitigate', keys: 'm', label: t('mitigate'), run: () => ask('mitigate') }] : []),
  ...(can.resolve ? [{ id: 'resolve', keys: 'x', label: t('resolve'), run: () => ask('resolve') }] : []),
  ...(can.reopen ? [{ id: 'reopen', keys: 'u', label: t('reopen'), run: () => ask('reopen') }] : []),
]

const useVerbs = (incident: Incident, ask: (asking: Asking) => void) => {
  const observe = useRef<HTMLInputElement>(null)
  const orient = useRef<HTMLInputElement>(null)
  const copy = (): void =>
    void navigator.clipboard?.writeText(recordCommand(incident)).then(() => toast({ text: t('act-copied') }))
  const endings = endingsOf(incident, ask)
  const working: readonly Verb[] = incident.can.change
    ? [
        { id: 'observe', keys: 'o', label: t('observe-add'), run: () => observe.current?.focus() },
        { id: 'orient', keys: 'r', label: t('orient-add'), run: () => orient.current?.focus() },
        { id: 'decide', keys: 'd', label: t('decide-add'), run: () => ask('decision') },
        { id: 'act', keys: 'a', label: t('phase-act'), run: copy },
        { id: 'impact', keys: 'i', label: t('impact-state'), run: () => ask('impact') },
        { id: 'help', keys: 'h', label: t('help'), run: () => ask('help') },
        { id: 'ticket', keys: 't', label: t('ticket-link'), run: () => ask('ticket') },
      ]
    : []
  const verbs = [...working, ...endings]
  useKeys(verbs)
  useCommands({ subject: `${incident.environment.slug}/${incident.number}`, commands: verbs })
  return { endings, observe, orient }
}

const Story = ({ incident }: { incident: Incident }) => (
  <Panel title={t('timeline')}>
    <Timeline
      label={t('timeline')}
      moments={incident.timeline.toReversed().map((moment, position, all) => ({
        key: `${moment.at} ${all.length - position}`,
        at: moment.at,
        by: moment.by.name,
        what: happened(moment.what),
        detail: moment.about,
      }))}
    />
  </Panel>
)

const Questions = ({
  incident,
  asking,
  done,
}: {
  incident: Incident
  asking: Asking | undefined
  done: () => void
}) => {
  const about = { environment: incident.environment.slug, incidentId: incident.id, onClose: done }
  if (asking === undefined) return null
  if (asking === 'decision') return <NewDecision {...about} />
  if (asking === 'glass') return <BreakGlass {...about} />
  return <IncidentDialogs incident={incident} question={asking} onClose={done} />
}

const Loaded = ({ incident }: { incident: Incident }) => {
  const [asking, ask] = useState<Asking>()
  const { mutate: send } = useIncidentCommand(incident.id)
  const { endings, observe, orient } = useVerbs(incident, ask)
  return (
    <Page
      title={`${incident.number} ${incident.title}`}
      name={incident.title}
      lead={<span className="number dim">{incident.number}</span>}
      crumbs={[
        { label: t('title'), link: { to: '/incidents' } },
        {
          label: incident.environment.slug,
          link: { to: '/incidents', search: { environment: incident.environment.slug } },
        },
      ]}
      actions={endings.map((verb) => (
        <Button key={verb.id} keys={verb.keys} onClick={verb.run}>
          {verb.label}
        </Button>
      ))}
      bar={<PhaseBar incident={incident} />}
    >
      <div className={styles.cockpit}>
        <div className={styles.phases}>
          <Observe incident={incident} send={send} fieldRef={observe} />
          <Orient incident={incident} send={send} fieldRef={orient} />
          <Decide incident={incident} record={() => ask('decision')} breakGlass={() => ask('glass')} />
          <Act incident={incident} send={send} />
        </div>
        <aside className={styles.rail}>
          <IncidentRail incident={incident} send={send} ask={ask} />
        </aside>
        <div className={styles.story}>
          <Story incident={incident} />
        </div>
      </div>
      <Suspense>
        <Questions incident={incident} asking={asking} done={() => ask(undefined)} />
      </Suspense>
    </Page>
  )
}

export const Cockpit = () => {
  const { incidentId } = route.useParams()
  const { data, error, refetch } = useQuery(incidentQuery(incidentId))
  if (data) return <Loaded incident={data} />
  return (
    <Page title={t('title')} name="…" crumbs={[{ label: t('title'), link: { to: '/incidents' } }]}>
      <Columns>
        {error ? <ErrorNote error={error} onRetry={refetch} /> : <SkeletonLines lines={10} />}
      </Columns>
    </Page>
  )
}
