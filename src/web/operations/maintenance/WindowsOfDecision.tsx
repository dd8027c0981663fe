/** The windows of one decision, and planning another while it covers one. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Panel } from '../../parts/Page.tsx'
import { Settled } from '../../parts/Settled.tsx'
import { useMay } from '../../shell/session.ts'
import type { DecisionDetail } from '../decision-log/queries.ts'
import { windowsOfQuery } from './queries.ts'
import { WindowRows } from './WindowRows.tsx'
import { t } from './words.ts'

const PlanWindow = lazy(() => import('./PlanWindow.tsx'))

const WindowsOfDecision = ({ decision }: { decision: DecisionDetail }) => {
  const query = useQuery(windowsOfQuery(decision.id))
  const [planning, setPlanning] = useState(false)
  const mayPlan = useMay()('decisions.change') && decision.covers.covered
  const plan = (): void => setPlanning(true)
  useKeys(mayPlan ? [{ keys: 'p', label: t('plan'), run: plan }] : [])
  const filled = query.data !== undefined && query.data.rows.length > 0
  return (
    <Panel
      title={t('windows')}
      flush={filled}
      actions={
        mayPlan ? (
          <Button size="small" icon="plus" keys="p" onClick={plan}>
            {t('plan')}
          </Button>
        ) : null
      }
    >
      <Settled query={query}>
        {({ rows }) =>
          filled ? (
            <WindowRows rows={rows} label={t('windows')} />
          ) : (
            <p className="dim">{t('windows-none')}</p>
          )
        }
      </Settled>
      <Suspense>
        {planning ? <PlanWindow decision={decision} onClose={() => setPlanning(false)} /> : null}
      </Suspense>
    </Panel>
  )
}
export default WindowsOfDecision
