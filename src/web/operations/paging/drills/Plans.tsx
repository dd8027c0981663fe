/** Drills that ring by themselves every week. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { longWeekday } from '../../../messages/format.ts'
import { Button } from '../../../parts/Button.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { Settled } from '../../../parts/Settled.tsx'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { queryClient } from '../../../shell/query-client.ts'
import styles from './Drills.module.css'
import { plansQuery, type Plan } from './queries.ts'
import { t } from './words.ts'

const PlanDrill = lazy(() => import('./PlanDrill.tsx'))
const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['drills'] })

const again = ({ environment, whom, weekday, time, zone }: Plan) =>
  api('PUT /api/drill-plans', { environment: environment.slug, whom, weekday, time, zone })

const useRemove = () =>
  useMutation({
    mutationFn: (plan: Plan) => api('DELETE /api/drill-plans/:planId', { planId: plan.id }),
    onSuccess: (_, plan) => {
      refresh()
      toast({ text: t('removed'), undo: () => void again(plan).then(refresh, toastFailure) })
    },
    onError: toastFailure,
  })

const whomOf = (plan: Plan): string =>
  plan.person?.name ?? t(plan.whom === 'everybody' ? 'everybody' : 'by-policy')

export const Plans = () => {
  const reader = useReader()
  const query = useQuery(plansQuery)
  const [planning, setPlanning] = useState(false)
  const remove = useRemove()
  const mayChange = query.data?.can.change ?? false
  return (
    <Panel
      title={t('plans')}
      flush={query.data !== undefined}
      actions={
        mayChange ? (
          <Button size="small" tone="quiet" icon="plus" onClick={() => setPlanning(true)}>
            {t('plan')}
          </Button>
        ) : null
      }
    >
      <Settled query={query}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className={styles.text}>{t('plans-empty')}</p>
          ) : (
            <Rows label={t('plans')}>
              {rows.map((plan) => (
                <Row
                  key={plan.id}
                  tall
                  stacked
                  title={
                    <span className={styles.wrapped}>{`${plan.environment.name} · ${whomOf(plan)}`}</span>
                  }
                  note={
                    <span className={styles.wrapped}>
                      {t('plan-line', {
                        day: longWeekday(plan.weekday, reader),
                        time: plan.time,
                        zone: plan.zone,
                      })}
                    </span>
                  }
                  end={
                    mayChange ? (
                      <Button
                        size="small"
                        tone="quiet"
                        busy={remove.isPending}
                        onClick={() => remove.mutate(plan)}
                      >
                        {t('remove')}
                      </Button>
                    ) : null
                  }
                />
              ))}
            </Rows>
          )
        }
      </Settled>
      <Suspense>{planning ? <PlanDrill onClose={() => setPlanning(false)} /> : null}</Suspense>
    </Panel>
  )
}
