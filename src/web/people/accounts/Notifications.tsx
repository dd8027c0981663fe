/** How one is reached when a page is for oneself: ways one added, and browsers that ring. */
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { Settled } from '../../parts/Settled.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { NotificationRules } from '../../operations/paging/rules/NotificationRules.tsx'
import { ContactMethods } from '../contact-methods/ContactMethods.tsx'
import { deviceOf } from './device.ts'
import { currentSubscription, isPushForbidden, pushWorks, subscribeHere } from './push-subscription.ts'
import { pushQuery } from './queries.ts'
import styles from './Settings.module.css'
import { t } from './words.ts'

const hereQuery = queryOptions({
  queryKey: ['self', 'push-here'],
  queryFn: async () => ({ subscribed: (await currentSubscription()) !== null }),
})

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['self'] })

const ThisBrowser = () => {
  const here = useQuery(hereQuery).data
  const subscribe = useMutation({
    mutationFn: subscribeHere,
    onSuccess: () => {
      refresh()
      toast({ text: t('push-registered') })
    },
    onError: (error) =>
      error.name === 'forbidden' ? toast({ text: t('push-denied') }) : toastFailure(error),
  })
  const test = useMutation({
    mutationFn: () => api('POST /api/push/test'),
    onSuccess: (outcome) => toast({ text: t('push-tested', outcome) }),
    onError: toastFailure,
  })
  return (
    <Panel title={t('push-title')}>
      <p className={styles.text}>{t('push-text')}</p>
      {pushWorks ? (
        <div className={styles.buttons}>
          {here?.subscribed ? (
            <Badge tone="green">{t('push-is-registered')}</Badge>
          ) : (
            <Button tone="primary" icon="alert" busy={subscribe.isPending} onClick={() => subscribe.mutate()}>
              {t('push-this')}
            </Button>
          )}
          <Button busy={test.isPending} onClick={() => test.mutate()}>
            {t('push-test')}
          </Button>
        </div>
      ) : (
        <Badge tone="amber">{t('push-unsupported')}</Badge>
      )}
      {isPushForbidden() ? <p className={styles.after}>{t('push-denied')}</p> : null}
    </Panel>
  )
}

const Registered = () => {
  const query = useQuery(pushQuery)
  const remove = useMutation({
    mutationFn: async (subscription: { id: string; name: string }) => {
      await api('DELETE /api/push/subscriptions/:subscriptionId', { subscriptionId: subscription.id })
    },
    onSuccess: (_, subscription) => {
      refresh()
      toast({ text: t('removed', subscription) })
    },
    onError: toastFailure,
  })
  const filled = query.data !== undefined && query.data.rows.length > 0
  return (
    <Panel title={t('push-list')} flush={filled}>
      <Settled query={query} lines={2}>
        {({ rows }) =>
          filled ? (
            <Rows label={t('push-list')}>
              {rows.map((row) => (
                <Row
                  key={row.id}
                  tall
                  title={deviceOf(row.userAgent)}
                  note={<TimeText at={row.createdAt} still />}
                  end={
                    <>
                      {row.provenAt === null ? (
                        <Badge tone="amber">{t('push-unproven')}</Badge>
                      ) : (
                        <Badge tone="green">
                          {t('push-proven')} <TimeText at={row.provenAt} still />
                        </Badge>
                      )}
                      <Button
                        size="small"
                        tone="quiet"
                        onClick={() => remove.mutate({ id: row.id, name: deviceOf(row.userAgent) })}
                      >
                        {t('remove')}
                      </Button>
                    </>
                  }
                />
              ))}
            </Rows>
          ) : (
            <p className="dim">{t('push-empty')}</p>
          )
        }
      </Settled>
    </Panel>
  )
}

const Notifications = () => (
  <div className={styles.section}>
    <ContactMethods />
    <NotificationRules />
    <ThisBrowser />
    <Registered />
  </div>
)
export default Notifications
