/** An ordered list that is kept as a whole, while somebody arranges it: what is unsaved, what somebody else saved meanwhile, and the way back. */
import { useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { newKey } from '../../../parts/moved.ts'
import { toast, toastFailure } from '../../../parts/Toast.tsx'
import { isFailure } from '../../../shell/failure.ts'
import { queryClient } from '../../../shell/query-client.ts'

export type KeyedEntry<Entry> = { readonly key: number; readonly rule: Entry }
type Standing = { readonly version: number }

/** @property said what is told when it is saved, and when that is taken back */
export type ListKind<S extends Standing, Entry> = {
  readonly queryKey: readonly unknown[]
  readonly entriesOf: (standing: S) => readonly Entry[]
  readonly put: (entries: readonly Entry[], ifVersion: number) => Promise<S>
  readonly said: () => { readonly saved: string; readonly undone: string }
}

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['on-call'] })

export const useListDraft = <S extends Standing, Entry>(
  { queryKey, entriesOf, put, said }: ListKind<S, Entry>,
  latest: S,
) => {
  const [base, setBase] = useState(latest)
  const [draft, setDraft] = useState<readonly KeyedEntry<Entry>[]>()
  const stored = useMemo(
    () => entriesOf(latest).map((rule) => ({ key: newKey(), rule })),
    [latest, entriesOf],
  )
  const changed =
    draft && JSON.stringify(draft.map(({ rule }) => rule)) !== JSON.stringify(entriesOf(base))
      ? draft
      : undefined
  const unsaved = changed !== undefined
  const rules = changed ?? stored
  const show = (kept: S): void => {
    queryClient.setQueryData(queryKey, kept)
  }
  /** Only while nobody has changed them since. */
  const takeBack = async (entries: readonly Entry[], ifVersion: number): Promise<void> => {
    try {
      show(await put(entries, ifVersion))
      toast({ text: said().undone })
    } catch (error) {
      toastFailure(error)
    }
    refresh()
  }
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
      toast({ text: said().saved, undo: () => void takeBack(entriesOf(base), kept.version) })
    },
    onError: (error) => (isFailure(error) && error.code === 'conflict' ? refresh() : undefined),
  })
  return {
    base,
    rules,
    unsaved,
    save,
    overtaken: unsaved && latest.version !== base.version && !save.isPending,
    change: (wanted: readonly KeyedEntry<Entry>[]): void => {
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
