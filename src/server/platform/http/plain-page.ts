/** The frame of pages that must work at 03:12 on one bar of signal: no script, one small style sheet, system fonts. */
import { writtenIn, type Reader } from '../messages/languages.ts'
import { html, trusted, type Html } from './html.ts'

/** Colours mirror src/web/parts/tokens.css; kept small because the whole page must stay under 20 kB. */
const style = trusted(`
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1b1b18;--dim:#5d5d57;--line:#dcdcd6;--card:#fff;--red:#b3261e;--amber:#8a5300;--green:#1b6b3a;--act:#1f4fd8;--actfg:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#131312;--fg:#ededea;--dim:#a3a39b;--line:#33332f;--card:#1c1c1a;--red:#ff8a80;--amber:#f2b155;--green:#7ddba0;--act:#8fadff;--actfg:#0b1020}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:17px/1.45 system-ui,sans-serif}
main{max-width:40rem;margin:0 auto;padding:1rem}h1{font-size:1.35rem;line-height:1.25;margin:.4rem 0}h2{font-size:1rem;margin:1.4rem 0 .4rem}
p{margin:.4rem 0}a{color:var(--act)}.dim{color:var(--dim)}.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem;margin:.8rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem .9rem;margin:.4rem 0}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
.tag{display:inline-block;font-weight:650;font-size:.85rem;padding:.1rem .5rem;border:1px solid currentColor;border-radius:.3rem}
.red{color:var(--red)}.amber{color:var(--amber)}.green{color:var(--green)}
button,.button{display:block;width:100%;min-height:3.4rem;font:inherit;font-weight:650;font-size:1.15rem;border:0;border-radius:.6rem;background:var(--act);color:var(--actfg);cursor:pointer;margin:.8rem 0;text-align:center;text-decoration:none;padding:.9rem}
button.quiet{background:none;color:var(--fg);border:1px solid var(--line);min-height:2.8rem;font-size:1rem}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}strong,h1,li,.dim,.tag{unicode-bidi:isolate}ul{padding-inline-start:1.1rem;margin:.4rem 0}li{margin:.25rem 0;overflow-wrap:anywhere}
input{font:inherit;width:100%;padding:.7rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card);color:var(--fg)}label{display:block;margin:.7rem 0 .2rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.9rem}table{border-collapse:collapse;width:100%}td,th{text-align:start;padding-block:.3rem;padding-inline:0 .5rem;border-bottom:1px solid var(--line);vertical-align:top}
`)

/** A whole document in the language of its reader. `refreshSeconds` lets a page without script stay current. */
export const plainPage = (page: {
  title: string
  body: Html
  reader: Reader
  refreshSeconds?: number
}): string => {
  const { lang, dir } = writtenIn(page.reader)
  return html`<!doctype html>
    <html lang="${lang}" dir="${dir}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        ${page.refreshSeconds ? html`<meta http-equiv="refresh" content="${page.refreshSeconds}" />` : ''}
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>${page.body}</main>
      </body>
    </html>`.html
}
