/** The list of rules while somebody changes it: kept over the version it began from, and taken back on request. */
import { useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { newKey } from '../../../parts/moved.ts'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { api } from '../../../shell/api.ts'
import { isFailure } from '../../../shell/failure.ts'
import { queryClient } from '../../../shell/query-client.ts'
import { routingQuery, type Routing, type Rule } from './queries.ts'
import type { Keyed } from './rule-draft.ts'
import { t } from './words.ts'

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['on-call'] })
const show = (kept: Routing): void => {
  queryClient.setQueryData(routingQuery.queryKey, kept)
}

const put = (rules: readonly Rule[], ifVersion: number): Promise<Routing> =>
  api('PUT /api/routing-rules', { rules: [...rules], ifVersion })

/** Only while nobody has changed them since. */
const takeBack = async (rules: readonly Rule[], ifVersion: number): Promise<void> => {
  try {
    show(await put(rules, ifVersion))
    toast({ text: t('undone') })
  } catch (error) {
    toastFailure(error)
  }
  refresh()
}

export const useRoutingDraft = (latest: Routing) => {
  const [base, setBase] = useState(latest)
  const [draft, setDraft] = useState<readonly Keyed[]>()
  const stored = useMemo(() => latest.rules.map((rule) => ({ key: newKey(), rule })), [latest])
  const changed =
    draft && JSON.stringify(draft.map(({ rule }) => rule)) !== JSON.stringify(base.rules) ? draft : undefined
  const unsaved = changed !== undefined
  const rules = changed ?? stored
  const save = useMutation({
    mutationFn: () =>
      put(
        rules.map(({ rule }) => rule),
        base.version,
      ),
    onSuccess: (kept) => {
      show(kept)
      setDraft(undefined)
      refresh()
      toast({ text: t('saved'), undo: () => void takeBack(base.rules, kept.version) })
    },
    onError: (error) => (isFailure(error) && error.code === 'conflict' ? refresh() : undefined),
  })
  return {
    base,
    rules,
    unsaved,
    save,
    overtaken: unsaved && latest.version !== base.version && !save.isPending,
    change: (wanted: readonly Keyed[]): void => {
      if (save.error) save.reset()
      if (!unsaved) setBase(latest)
      setDraft(wanted)
    },
    discard: (): void => {
      save.reset()
      setDraft(undefined)
    },
    /** Goes on over what is stored now. */
    rebase: (): void => {
      save.reset()
      setBase(latest)
    },
  }
}
