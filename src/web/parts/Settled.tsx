/** One panel's answer: its bones while it is awaited, its own fault when it fails. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorNote } from './ErrorNote.tsx'
import { SkeletonLines } from './Skeleton.tsx'

export const Settled = <T,>({
  query,
  lines = 3,
  children,
}: {
  query: UseQueryResult<T>
  lines?: number
  children: (data: T) => ReactNode
}) => {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ErrorNote error={query.error} onRetry={query.refetch} small />
  return <SkeletonLines lines={lines} />
}
