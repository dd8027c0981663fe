/** A record being changed in a form: which fields somebody touched, what they were, and what became of them meanwhile. */
import { useState } from 'react'

export type Fields = Readonly<Record<string, string>>
/** `was` is what was looked at, `is` what was typed. */
export type FieldChange<T> = { readonly name: keyof T & string; readonly was: string; readonly is: string }

export const changesOf = <T extends Fields>(before: T, after: T): readonly FieldChange<T>[] =>
  (Object.keys(after) as (keyof T & string)[])
    .filter((name) => before[name]!.trim() !== after[name]!.trim())
    .map((name) => ({ name, was: before[name]!, is: after[name]! }))

/** @param latest the record as it is now: it may change while the form is open, and then says so instead of being overwritten */
export const useRecordDraft = <T extends Fields>(latest: T) => {
  const [base, setBase] = useState(latest)
  const [draft, setDraft] = useState(latest)
  const changes = changesOf(base, draft)
  const theirs = changesOf(base, latest)
  return {
    draft,
    base,
    changes,
    /** Fields that were touched here and changed by somebody else, with what they are now. */
    overtaken: theirs.filter(({ name }) => changes.some((change) => change.name === name)),
    field: (name: keyof T & string) => ({
      value: draft[name]!,
      onChange: (event: { target: { value: string } }) =>
        setDraft((before) => ({ ...before, [name]: event.target.value })),
    }),
    /** Goes on from what is recorded now; what was typed stays typed. */
    rebase: () => {
      setBase(latest)
      setDraft({ ...latest, ...Object.fromEntries(changes.map(({ name, is }) => [name, is])) })
    },
  }
}

/** Those fields of an input that are among the changes. */
export const onlyChanged = <I extends object>(
  input: I,
  changes: readonly { readonly name: string }[],
): Partial<I> =>
  Object.fromEntries(
    Object.entries(input).filter(([name]) => changes.some((change) => change.name === name)),
  ) as Partial<I>
