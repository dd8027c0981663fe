/** What the server and the web's own drawing of the home view say to each other: the drawing lives in a process of its own and asks the API through the server. */

/**
 * @property html    the frame and the home view, for an element of their own
 * @property answers what was read for it, as text of JSON without `<`: the application shows the same without asking again
 */
export type FirstPicture = { readonly html: string; readonly answers: string }

/**
 * To what draws. A number names a picture, and with another a question asked for it.
 *
 * @property narrow a phone: what is drawn to the pixel is drawn for its width until the browser has measured
 * @property text   an answer's body, JSON
 */
export type ToPicture =
  | { readonly kind: 'draw'; readonly picture: number; readonly narrow: boolean }
  | {
      readonly kind: 'answer'
      readonly picture: number
      readonly question: number
      readonly status: number
      readonly text: string
    }

/** From what draws. `undefined` where there is nothing to show: nobody is signed in, or a contact is. */
export type FromPicture =
  | { readonly kind: 'question'; readonly picture: number; readonly question: number; readonly url: string }
  | { readonly kind: 'drawn'; readonly picture: number; readonly drawn: FirstPicture | undefined }
  | { readonly kind: 'failed'; readonly picture: number; readonly detail: string }

/** Ids in the page between the server and the application. */
export const PICTURE = { drawn: 'picture', answers: 'answers', place: 'place' } as const
