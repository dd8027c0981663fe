/** Sentences with places to fill, as catalogues hold them: one grammar for what the server writes and what the web shows. */

/** Categories of CLDR: a language uses those that it has, and `other` always. */
type Category = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'
type PluralForms = { readonly other: string } & { readonly [category in Category]?: string }
/** A sentence with `{names}` to fill, or its plural forms, chosen by `count`. */
export type Message = string | PluralForms
export type Messages = Readonly<Record<string, Message>>

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never
type ParametersOf<M> = M extends string ? NamesIn<M> : 'count' | NamesIn<M[keyof M]>
export type Given = Readonly<Record<string, string | number>>
/** What has to be given with a key: nothing, or every name of its sentence. */
export type GivenFor<M> = [ParametersOf<M>] extends [never]
  ? []
  : [Readonly<Record<ParametersOf<M>, string | number>>]

/** What a sentence needs of its language and its reader; the edges make it of Intl. */
export type Manner = {
  readonly plural: (count: number) => Category
  readonly number: (value: number) => string
}

export const fillMessage = (message: Message, given: Given, { plural, number }: Manner): string => {
  const sentence =
    typeof message === 'string' ? message : (message[plural(Number(given['count']))] ?? message.other)
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = given[name]
    if (value === undefined) return whole
    return typeof value === 'string' ? value : number(value)
  })
}
