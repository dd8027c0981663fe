/** The fields of a form while somebody fills them in. */
import { useState } from 'react'

type Changed = { readonly target: { readonly value: string } }
type TextOf<T> = { [K in keyof T]: T[K] extends string ? K : never }[keyof T]

export const useDraft = <T extends object>(initial: T | (() => T)) => {
  const [draft, setDraft] = useState<T>(initial)
  const set = (change: Partial<T>): void => setDraft((before) => ({ ...before, ...change }))
  /** What a text field needs to show and change one word of the draft. */
  const field = (name: TextOf<T>) => ({
    value: draft[name] as string,
    onChange: (event: Changed) => set({ [name]: event.target.value } as Partial<T>),
  })
  return { draft, set, field }
}
