/** HTML written by the server: a template tag that escapes everything it is not told to trust. */

export type Html = { readonly html: string }

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (found) => escapes[found] as string)

type Piece = Html | string | number | null | undefined | false | readonly Piece[]

const render = (piece: Piece): string => {
  if (piece === null || piece === undefined || piece === false) return ''
  if (typeof piece === 'string') return escapeHtml(piece)
  if (typeof piece === 'number') return String(piece)
  if ('html' in piece) return piece.html
  return piece.map(render).join('')
}

/** html`<p>${untrusted}</p>`: strings are escaped, nested html`` is not. */
export const html = (strings: TemplateStringsArray, ...pieces: Piece[]): Html => ({
  html: strings.reduce(
    (text, string, index) => text + string + (index < pieces.length ? render(pieces[index]) : ''),
    '',
  ),
})

/** Only for constants of ours, such as the style sheet. */
export const trusted = (text: string): Html => ({ html: text })
