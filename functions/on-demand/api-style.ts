/** How the page about the routes looks; it follows the reader's choice of light or dark. */
export const API_STYLE = `
:root{--paper:#fbfaf8;--ink:#1f1d1a;--soft:#6b655c;--line:#e5e0d8;--panel:#fff;--code:#f3efe8;--accent:#b3261e;--get:#1d6b4f;--post:#8a4b08}
@media (prefers-color-scheme:dark){:root{--paper:#171412;--ink:#ece6dd;--soft:#a1988b;--line:#332d28;--panel:#1e1a17;--code:#26211d;--accent:#ff7a6b;--get:#6fcfa4;--post:#f0b06a}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1.5rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;display:grid;grid-template-columns:17rem minmax(0,1fr)}
a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:.2em}
a:hover{color:var(--accent)}
code,pre{font:.875em/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:2rem 1.25rem;border-right:1px solid var(--line)}
nav ul{list-style:none;margin:0 0 1.5rem;padding:0}
nav li a{display:block;padding:.25rem .5rem;border-radius:.4rem;text-decoration:none;font-size:.875rem;line-height:1.4}
nav li a:has(.method){display:grid;grid-template-columns:2.9rem 1fr;gap:.55rem;align-items:start}
nav .method{margin-top:.1rem}
nav li a:hover{background:var(--code)}
.brand{display:flex;align-items:center;gap:.6rem;font-weight:650;margin:0 0 1.5rem .5rem}
.mark{width:1rem;height:1rem;border-radius:50%;background:var(--accent);box-shadow:0 0 0 4px color-mix(in srgb,var(--accent) 22%,transparent)}
.small{margin:0 0 .4rem .5rem;color:var(--soft);font-size:.8rem}
main{padding:3.5rem clamp(1.25rem,5vw,4.5rem) 6rem;max-width:64rem}
h1{font-size:2.1rem;line-height:1.15;letter-spacing:-.02em;margin:0 0 .75rem}
h2{font-size:1.3rem;line-height:1.3;letter-spacing:-.01em;margin:0 0 .75rem}
h3{font-size:1rem;margin:0 0 .25rem}
.lead{font-size:1.1rem;color:var(--soft);max-width:42rem;margin:0 0 1.75rem}
.ways{display:grid;gap:.5rem;margin:0;padding:1rem 1.25rem;border:1px solid var(--line);border-radius:.75rem;background:var(--panel);font-size:.925rem}
.ways div{display:grid;grid-template-columns:7.5rem 1fr}
.ways dt{font-weight:600}.ways dd{margin:0;color:var(--soft)}
.operation{margin-top:3.25rem;padding-top:2.25rem;border-top:1px solid var(--line)}
.line{display:flex;flex-wrap:wrap;align-items:center;gap:.75rem;margin:0 0 1rem}
.line code{font-size:1rem}.line em{color:var(--accent);font-style:normal}
.method{display:inline-block;min-width:2.9rem;padding:.05rem .4rem;border-radius:.3rem;border:1px solid currentColor;font:600 .68rem/1.5 ui-monospace,Menlo,Consolas,monospace;text-align:center}
.get{color:var(--get)}.post{color:var(--post)}
.opens{margin-left:auto;padding:.1rem .65rem;border-radius:1rem;background:var(--code);color:var(--soft);font-size:.8rem}
pre{margin:1.25rem 0;padding:1rem 1.25rem;border-radius:.75rem;background:var(--code);overflow-x:auto}
pre code{font-size:.85rem}
p code,li code,td code,dd code{padding:.1em .35em;border-radius:.25rem;background:var(--code)}
table{width:100%;border-collapse:collapse;margin:1rem 0;font-size:.9rem}
th,td{padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
th{width:13rem;white-space:nowrap}th i{color:var(--accent);margin-left:.2rem}
td:nth-child(2){width:9rem;color:var(--soft)}
.place{margin-left:.6rem;color:var(--soft);font-size:.75rem}
.or{color:var(--soft);white-space:nowrap}
.answers{list-style:none;padding:0;margin:0;font-size:.925rem}
.answers li{padding:.2rem 0}.status{display:inline-block;min-width:2.75rem;font-variant-numeric:tabular-nums}
.shapes{margin-top:4rem;padding-top:2.25rem;border-top:1px solid var(--line)}
.shape{margin-top:2rem}.shape p{margin:0;color:var(--soft)}
@media (max-width:52rem){body{display:block}nav{position:static;height:auto;border-right:0;border-bottom:1px solid var(--line)}th,td{display:block;width:auto!important;border:0;padding:.15rem 0}tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}.opens{margin-left:0}}
`;
