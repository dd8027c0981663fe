/** Colleagues and customer contacts. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Listing } from '../../parts/Listing.tsx'
import type { Column } from '../../parts/Table.tsx'
import { Tabs } from '../../parts/Tabs.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { NotReadyBadge } from '../../operations/paging/readiness/NotReady.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMay, useMe } from '../../shell/session.ts'
import styles from './People.module.css'
import { accountsQuery, type Account } from './queries.ts'
import { roleName } from './role-name.ts'
import { t } from './words.ts'

const AddPerson = lazy(() => import('./AddPerson.tsx'))
const Invitation = lazy(() => import('./Invitation.tsx'))
const route = getRouteApi('/frame/settings/$section')

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['accounts'] })

const useArchive = () =>
  useMutation({
    mutationFn: ({ id }: Account) => api('POST /api/accounts/:accountId/archive', { accountId: id }),
    onSuccess: (_, { id, name }) => {
      refresh()
      toast({
        text: t('people-archived', { name }),
        undo: () =>
          void api('POST /api/accounts/:accountId/restore', { accountId: id })
            .catch(toastFailure)
            .finally(refresh),
      })
    },
    onError: toastFailure,
  })

const columnsFor = (
  verbs: { invite: (account: Account) => void; archive: (account: Account) => void } | undefined,
  mine: string,
): readonly Column<Account>[] => [
  {
    key: 'name',
    title: t('name'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) => (
      <>
        {row.name} <span className={styles.handle}>{row.handle}</span>
      </>
    ),
  },
  {
    key: 'email',
    title: t('email'),
    width: 'minmax(0, 1fr)',
    card: 'meta',
    from: 1000,
    cell: (row) => row.email,
  },
  {
    key: 'roles',
    title: t('roles'),
    width: 'minmax(0, 0.9fr)',
    card: 'meta',
    cell: (row) => row.customer?.name ?? row.roles.map(roleName).join(', '),
  },
  {
    key: 'state',
    title: t('section-sign-in'),
    width: '11rem',
    card: 'meta',
    cell: (row) =>
      row.canSignIn ? (
        <NotReadyBadge accountId={row.id} />
      ) : (
        <Badge tone="amber">{t('people-no-sign-in')}</Badge>
      ),
  },
  ...(verbs
    ? [
        {
          key: 'verbs',
          title: t('column-verbs'),
          width: '13rem',
          card: 'meta' as const,
          align: 'end' as const,
          cell: (row: Account) => (
            <>
              <Button size="small" tone="quiet" onClick={() => verbs.invite(row)}>
                {t('people-invite')}
              </Button>
              {row.id === mine ? null : (
                <Button size="small" tone="quiet" onClick={() => verbs.archive(row)}>
                  {t('people-archive')}
                </Button>
              )}
            </>
          ),
        },
      ]
    : []),
]

const People = () => {
  const may = useMay()
  const me = useMe()
  const { kind = 'staff' } = route.useSearch()
  const query = useInfiniteQuery(accountsQuery(kind))
  const archive = useArchive()
  const [adding, setAdding] = useState(false)
  const [inviting, invite] = useState<Account>()
  const mayChange = may('accounts.change')
  useKeys(mayChange ? [{ keys: 'n', label: t('people-add'), run: () => setAdding(true) }] : [])
  const to = (next: 'staff' | 'contact') =>
    ({ to: '/settings/$section', params: { section: 'people' }, search: { kind: next } }) as const
  return (
    <>
      <div className={styles.bar}>
        <Tabs
          label={t('people-kind')}
          tabs={[
            { label: t('people-staff'), link: to('staff'), open: kind === 'staff' },
            { label: t('people-contacts'), link: to('contact'), open: kind === 'contact' },
          ]}
        />
        {mayChange ? (
          <Button size="small" icon="plus" keys="n" onClick={() => setAdding(true)}>
            {t('people-add')}
          </Button>
        ) : null}
      </div>
      <Listing
        label={t('section-people')}
        query={query}
        columns={columnsFor(mayChange ? { invite, archive: archive.mutate } : undefined, me.account.id)}
        idOf={({ id }) => id}
        empty={
          <EmptyState icon="person" title={t('people-empty')}>
            {t('people-empty-text')}
          </EmptyState>
        }
      />
      <Suspense>
        {adding ? (
          <AddPerson
            kind={kind}
            onClose={() => setAdding(false)}
            onAdded={(account) => {
              setAdding(false)
              invite(account)
            }}
          />
        ) : null}
        {inviting ? <Invitation account={inviting} onClose={() => invite(undefined)} /> : null}
      </Suspense>
    </>
  )
}
export default People
