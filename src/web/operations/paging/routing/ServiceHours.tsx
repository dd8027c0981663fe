/** The service hours in use, which environments have them, and whether these are served at this moment. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { dayAndTime } from '../../../messages/format.ts'
import { Badge } from '../../../parts/Badge.tsx'
import { Button } from '../../../parts/Button.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { useReader } from '../../../parts/reader.ts'
import { Row, Rows } from '../../../parts/Rows.tsx'
import { Settled } from '../../../parts/Settled.tsx'
import { serviceHoursQuery, type Choices, type Hours } from './queries.ts'
import styles from './Routing.module.css'
import { putAway } from './save-hours.ts'
import { hoursInWords } from './sentence.ts'
import { t } from './words.ts'

const HoursDialog = lazy(() => import('./HoursDialog.tsx'))
const AssignHours = lazy(() => import('./AssignHours.tsx'))

const OneRow = ({ hours, onEdit }: { hours: Hours; onEdit: (() => void) | undefined }) => {
  const reader = useReader()
  const away = useMutation({ mutationFn: () => putAway(hours) })
  const isUsed = hours.environments.length > 0
  return (
    <Row
      tall
      stacked
      title={<span className={styles.wrapped}>{hours.name}</span>}
      note={
        <span className={styles.wrapped}>
          {hoursInWords(hours, reader)}
          <br />
          {isUsed
            ? t('used-by', { names: hours.environments.map(({ name }) => name).join(', ') })
            : t('used-by-nobody')}
        </span>
      }
      end={
        <>
          {hours.served ? (
            <Badge tone="green">{t('served-now')}</Badge>
          ) : (
            <Badge>{t('served-next', { when: dayAndTime(hours.servedAt, reader) })}</Badge>
          )}
          {onEdit ? (
            <Button size="small" tone="quiet" aria-label={t('edit-hours', hours)} onClick={onEdit}>
              {t('edit')}
            </Button>
          ) : null}
          {onEdit && !isUsed ? (
            <Button size="small" tone="quiet" busy={away.isPending} onClick={() => away.mutate()}>
              {t('put-away')}
            </Button>
          ) : null}
        </>
      }
    />
  )
}

type Open = { readonly kind: 'form'; readonly hours?: Hours } | { readonly kind: 'assign' }

export const ServiceHours = ({ environments }: { environments: Choices['environments'] }) => {
  const query = useQuery(serviceHoursQuery)
  const [open, setOpen] = useState<Open>()
  const mayChange = query.data?.can.change ?? false
  const all = query.data?.rows ?? []
  const close = (): void => setOpen(undefined)
  return (
    <>
      <Panel
        title={t('service-hours')}
        flush={query.data !== undefined}
        actions={
          mayChange ? (
            <Button size="small" icon="plus" onClick={() => setOpen({ kind: 'form' })}>
              {t('add-hours')}
            </Button>
          ) : null
        }
      >
        <Settled query={query}>
          {({ rows }) => (
            <>
              <div className={styles.text}>
                <p>{t(rows.length === 0 ? 'hours-empty' : 'service-hours-text')}</p>
                {mayChange && rows.length > 0 && environments.length > 0 ? (
                  <Button size="small" onClick={() => setOpen({ kind: 'assign' })}>
                    {t('assign-hours')}
                  </Button>
                ) : null}
              </div>
              {rows.length === 0 ? null : (
                <Rows label={t('service-hours')}>
                  {rows.map((hours) => (
                    <OneRow
                      key={hours.id}
                      hours={hours}
                      onEdit={mayChange ? () => setOpen({ kind: 'form', hours }) : undefined}
                    />
                  ))}
                </Rows>
              )}
            </>
          )}
        </Settled>
      </Panel>
      <Suspense>
        {open?.kind === 'form' ? <HoursDialog hours={open.hours} onClose={close} /> : null}
        {open?.kind === 'assign' ? (
          <AssignHours environments={environments} all={all} onClose={close} />
        ) : null}
      </Suspense>
    </>
  )
}
