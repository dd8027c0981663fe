/** What a gateway is asked to carry to a phone. */

/** @property id of the promise that is kept by it: callbacks name it */
export type Text = { readonly to: string; readonly text: string; readonly id: string }
/** @property ask what a key does, said after the words; absent where nothing is asked. @property lang BCP 47 */
export type Call = {
  readonly to: string
  readonly id: string
  readonly words: readonly string[]
  readonly ask?: string
  readonly lang: string
}
