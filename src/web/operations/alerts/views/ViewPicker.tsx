/** Saved views above the list: one is chosen, and the list as it stands becomes one (`v`). */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { FilterSelect } from '../../../parts/Filter.tsx'
import { useKeys } from '../../../parts/keys.ts'
import { api } from '../../../shell/api.ts'
import { t } from '../words.ts'
import { searchOf, viewShown, type ListSearch } from './view-search.ts'

const SaveView = lazy(() => import('./SaveView.tsx'))

const viewsQuery = queryOptions({
  queryKey: ['alerts', 'views'],
  queryFn: ({ signal }) => api('GET /api/alerts/views', {}, { signal }),
  staleTime: 60_000,
})

export const ViewPicker = ({
  search,
  onChoose,
}: {
  search: ListSearch
  onChoose: (search: ListSearch) => void
}) => {
  const { data } = useQuery(viewsQuery)
  const [isSaving, setSaving] = useState(false)
  const views = data?.rows ?? []
  const shown = viewShown(views, search)
  const save = (): void => setSaving(true)
  useKeys([{ keys: 'v', label: t('view-save'), run: save }])
  return (
    <>
      {views.length > 0 ? (
        <FilterSelect
          label={t('view')}
          any={t('view-none')}
          value={shown?.id}
          choices={views.map(({ id, name, slug }) => ({
            value: id,
            label: slug === null ? t('view-own', { name }) : name,
          }))}
          onChange={(id) => {
            const view = views.find((each) => each.id === id)
            onChoose(view ? searchOf(view) : {})
          }}
        />
      ) : null}
      <Button size="small" tone="quiet" keys="v" onClick={save}>
        {t('view-save-short')}
      </Button>
      <Suspense>
        {isSaving ? (
          <SaveView
            search={search}
            shown={shown}
            mayShare={data?.can.share ?? false}
            onClose={() => setSaving(false)}
          />
        ) : null}
      </Suspense>
    </>
  )
}
