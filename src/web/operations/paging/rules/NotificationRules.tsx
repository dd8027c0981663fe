/** How one wants to be told: what would follow now, the rules behind it, and the quiet hours. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../../parts/Badge.tsx'
import { Button } from '../../../parts/Button.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { Settled } from '../../../parts/Settled.tsx'
import { rulesQuery, useKeepRules, type Standing } from './queries.ts'
import { QuietHours } from './QuietHours.tsx'
import styles from './Rules.module.css'
import { stepsInWords, whenInWords } from './sentence.ts'
import { t } from './words.ts'

const RuleDialog = lazy(() => import('./RuleDialog.tsx'))

/** Nothing below P2 pages by itself; people may ask for help at any priority. */
const SHOWN = ['P1', 'P2']

const IfNow = ({ standing }: { standing: Standing }) => {
  const reader = useReader()
  return (
    <Rows label={t('now')}>
      {standing.now
        .filter(({ priority }) => SHOWN.includes(priority))
        .map(({ priority, steps }) => (
          <Row
            key={priority}
            stacked
            lead={<Badge tone={priority === 'P1' ? 'red' : 'amber'}>{priority}</Badge>}
            title={t('now')}
            note={
              <span className={styles.wrapped}>
                {steps.length === 0 ? t('now-nothing') : stepsInWords(steps, standing, reader)}
              </span>
            }
          />
        ))}
    </Rows>
  )
}

const RuleList = ({ standing, onEdit }: { standing: Standing; onEdit: (place: number) => void }) => {
  const reader = useReader()
  const keep = useKeepRules(standing, () => undefined)
  if (standing.rules.length === 0) return null
  return (
    <div className={styles.list}>
      <Rows label={t('rules')}>
        {standing.rules.map((rule, place) => (
          <Row
            // A rule has no name; its place is what it is.
            // oxlint-disable-next-line react/no-array-index-key
            key={place}
            tall
            stacked
            title={<span className={styles.wrapped}>{whenInWords(rule, reader)}</span>}
            note={<span className={styles.wrapped}>{stepsInWords(rule.steps, standing, reader)}</span>}
            end={
              <>
                <Button size="small" onClick={() => onEdit(place)}>
                  {t('edit')}
                </Button>
                <Button
                  size="small"
                  tone="quiet"
                  busy={keep.isPending}
                  onClick={() => keep.mutate({ rules: standing.rules.toSpliced(place, 1) })}
                >
                  {t('remove')}
                </Button>
              </>
            }
          />
        ))}
      </Rows>
    </div>
  )
}

export const NotificationRules = () => {
  const query = useQuery(rulesQuery)
  const [editing, setEditing] = useState<number>()
  const standing = query.data
  const mayAdd = standing !== undefined && standing.ways.length > 0 && standing.rules.length < 20
  return (
    <>
      <Panel
        title={t('title')}
        flush={standing !== undefined}
        actions={
          <Button
            size="small"
            icon="plus"
            disabled={!mayAdd}
            onClick={() => setEditing(standing?.rules.length)}
          >
            {t('add')}
          </Button>
        }
      >
        <Settled query={query}>
          {(data) => (
            <>
              <p className={styles.text}>{t(data.ways.length === 0 ? 'no-ways' : 'rules-text')}</p>
              <RuleList standing={data} onEdit={setEditing} />
              <IfNow standing={data} />
            </>
          )}
        </Settled>
      </Panel>
      {standing ? <QuietHours key={standing.version} standing={standing} /> : null}
      <Suspense>
        {standing && editing !== undefined ? (
          <RuleDialog standing={standing} place={editing} onClose={() => setEditing(undefined)} />
        ) : null}
      </Suspense>
    </>
  )
}
