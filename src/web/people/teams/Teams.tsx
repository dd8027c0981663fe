/** Teams and who is in them. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useKeys } from '../../parts/keys.ts'
import { Listing } from '../../parts/Listing.tsx'
import type { Column } from '../../parts/Table.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { queryClient } from '../../shell/query-client.ts'
import { useMay } from '../../shell/session.ts'
import { teamListQuery, type Team } from './queries.ts'
import styles from './Teams.module.css'
import { t } from './words.ts'

const TeamForm = lazy(() => import('./TeamForm.tsx'))

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['teams'] })

const useArchive = () =>
  useMutation({
    mutationFn: ({ id }: Team) => api('POST /api/teams/:team/archive', { team: id }),
    onSuccess: ({ id, name }) => {
      refresh()
      toast({
        text: t('archived', { name }),
        undo: () =>
          void api('POST /api/teams/:team/restore', { team: id }).catch(toastFailure).finally(refresh),
      })
    },
    onError: toastFailure,
  })

const columnsFor = (
  verbs: { edit: (team: Team) => void; archive: (team: Team) => void } | undefined,
): readonly Column<Team>[] => [
  {
    key: 'name',
    title: t('name'),
    width: 'minmax(0, 1fr)',
    card: 'title',
    cell: (row) => (
      <>
        {row.name} <span className={styles.slug}>{row.slug}</span>
      </>
    ),
  },
  {
    key: 'members',
    title: t('column-members'),
    width: 'minmax(0, 1.6fr)',
    card: 'meta',
    cell: (row) => row.members.map(({ person }) => person.name).join(', ') || t('members-empty'),
  },
  ...(verbs
    ? [
        {
          key: 'verbs',
          title: t('column-verbs'),
          width: '11rem',
          card: 'meta' as const,
          align: 'end' as const,
          cell: (row: Team) => (
            <>
              <Button size="small" tone="quiet" onClick={() => verbs.edit(row)}>
                {t('edit')}
              </Button>
              <Button size="small" tone="quiet" onClick={() => verbs.archive(row)}>
                {t('archive')}
              </Button>
            </>
          ),
        },
      ]
    : []),
]

const Teams = () => {
  const mayChange = useMay()('teams.change')
  const query = useInfiniteQuery(teamListQuery)
  const archive = useArchive()
  const [open, setOpen] = useState<Team | 'new'>()
  useKeys(mayChange ? [{ keys: 'n', label: t('add'), run: () => setOpen('new') }] : [])
  return (
    <>
      {mayChange ? (
        <div className={styles.bar}>
          <Button size="small" icon="plus" keys="n" onClick={() => setOpen('new')}>
            {t('add')}
          </Button>
        </div>
      ) : null}
      <Listing
        label={t('title')}
        query={query}
        columns={columnsFor(mayChange ? { edit: setOpen, archive: archive.mutate } : undefined)}
        idOf={({ id }) => id}
        empty={
          <EmptyState icon="person" title={t('empty')}>
            {t('empty-text')}
          </EmptyState>
        }
      />
      <Suspense>
        {open ? (
          <TeamForm {...(open === 'new' ? {} : { team: open })} onClose={() => setOpen(undefined)} />
        ) : null}
      </Suspense>
    </>
  )
}
export default Teams
