/** A list that is read page by page: its rows, its waiting, its failing and its emptiness in one place. */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import { ErrorNote } from './ErrorNote.tsx'
import styles from './Listing.module.css'
import { Table, type TableProps } from './Table.tsx'

type Part<T> = { readonly rows: readonly T[]; readonly next: string | null }

export const Listing = <T,>({
  query,
  empty,
  ...table
}: Omit<TableProps<T>, 'rows' | 'more'> & {
  query: UseInfiniteQueryResult<InfiniteData<Part<T>, unknown>>
  /** Shown when there is not one row. */
  empty: ReactNode
}) => {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const rows = useMemo(() => data?.pages.flatMap((part) => part.rows), [data])
  const more = useMemo(
    () => (hasNextPage ? { load: () => void fetchNextPage(), loading: isFetchingNextPage } : undefined),
    [hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  return (
    <>
      {error ? (
        <div className={styles.failed}>
          <ErrorNote error={error} onRetry={refetch} />
        </div>
      ) : null}
      {rows?.length === 0 ? empty : error && !rows ? null : <Table {...table} rows={rows} more={more} />}
    </>
  )
}
