/** The look of README.html: calm on a screen, plain on paper, no script, nothing fetched. */
import { trusted } from '../../platform/http/html.ts'

export const readmeStyle = trusted(`
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1b1b18;--dim:#5d5d57;--line:#dcdcd6;--card:#fff;--act:#1f4fd8}
@media(prefers-color-scheme:dark){:root{--bg:#131312;--fg:#ededea;--dim:#a3a39b;--line:#33332f;--card:#1c1c1a;--act:#8fadff}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.2rem 4rem}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.2rem;margin:2.4rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:0 0 .4rem}h4{font-size:.9rem;margin:.9rem 0 .2rem}
p{margin:.4rem 0}a{color:var(--act)}.dim,time{color:var(--dim)}.prose{white-space:pre-wrap}
time,.number,code,pre{font-family:ui-monospace,monospace;font-size:.86em;font-variant-numeric:tabular-nums}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem;margin:.8rem 0;break-inside:avoid-page}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.15rem .9rem;margin:.3rem 0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
table{border-collapse:collapse;width:100%;margin:.4rem 0;font-size:.93em}
th{color:var(--dim);font-weight:600}td,th{text-align:left;padding:.25rem .7rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere}
nav ul{columns:2;padding-left:1.1rem}
@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--card:#fff;--act:#000}main{max-width:none;padding:0}body{font-size:10.5pt}a{text-decoration:none}}
@media(max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}nav ul{columns:1}}
`)
