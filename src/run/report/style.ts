/** The look of a report: readable on a screen, light or dark, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #59636e; --line: #d1d9e0; --paper: #ffffff; --soft: #f6f8fa; --accent: #0a6e8a;
  --s1: #0a6e8a; --s2: #c2571a; --s3: #5b8c1f; --s4: #8a4fb3; --s5: #b3273f; --s6: #5c6670; --s7: #a07c00; --s8: #1f63b8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --paper: #0d1117; --soft: #161b22; --accent: #4fb8d6;
  --s1: #4fb8d6; --s2: #f0925a; --s3: #9ccc65; --s4: #c79be8; --s5: #f07a8d; --s6: #a9b3bd; --s7: #e0bd4a; --s8: #7aa9f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
header p, footer, figcaption { color: var(--faint); } header p { margin: 0; } footer { margin-top: 3rem; font-size: .875rem; }
nav ol { columns: 2; padding-left: 1.25rem; font-size: .9375rem; } a { color: var(--accent); }
#section-1 p { font-size: 1.125rem; border-left: 4px solid var(--accent); padding-left: .875rem; margin: .75rem 0; }
pre { background: var(--soft); padding: .625rem .875rem; border-radius: 6px; overflow-x: auto; font-size: .875rem; }
.table { overflow-x: auto; } table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; margin: .5rem 0 1rem; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; } thead th { white-space: normal; vertical-align: bottom; border-bottom: 2px solid var(--line); color: var(--faint); font-weight: 600; }
tbody th { font-weight: 500; } .number { text-align: right; } td[style] { background: color-mix(in srgb, var(--s2) calc(var(--shade) * .55), transparent); }
figure { margin: 1rem 0; } figure svg { display: block; max-width: 100%; height: auto; } figcaption { font-size: .875rem; } summary { cursor: pointer; font-size: .875rem; color: var(--accent); }
svg text { fill: var(--faint); font: 12px system-ui, sans-serif; } svg .label { fill: var(--ink); } svg .axis, svg .grid { stroke: var(--line); fill: none; } svg .grid { stroke-opacity: .6; }
svg .curve { fill: none; stroke-width: 1.75; } svg .ideal { stroke: var(--faint); stroke-dasharray: 4 4; fill: none; } svg .network { fill: var(--ink); stroke: var(--paper); stroke-width: 1.5; }
@media print { :root { color-scheme: light; --ink: #000; --faint: #444; --line: #bbb; --paper: #fff; --soft: #f4f4f4; } nav { display: none; } body { padding: 0; max-width: none; font-size: 13px; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } details { display: none; } .table { overflow: visible; } table { font-size: .75rem; } th, td, tbody th { padding: .2rem .45rem; white-space: normal; overflow-wrap: anywhere; } .number { white-space: nowrap; } }
`.trim();
