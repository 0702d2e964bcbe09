/** The page's only style. Colours are pairs for light and dark; verdicts also differ by sign, pictures by height and hatching. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fff, #14171a); --sheet: light-dark(#f5f6f8, #1d2126); --ink: light-dark(#1b1f24, #e8eaed);
  --quiet: light-dark(#59636e, #9aa4af); --rule: light-dark(#d8dde3, #343b43); --link: light-dark(#0b5fba, #7ab7ff);
  --pass: light-dark(#1a7f4b, #4cc38a); --pass-soft: light-dark(#e3f4ea, #14301f);
  --fail: light-dark(#c4242f, #ff7b7b); --fail-soft: light-dark(#fde9ea, #3a191b);
  --inconclusive: light-dark(#8a5a00, #f0b849); --inconclusive-soft: light-dark(#fdf3dc, #35290f);
  --fault: light-dark(#b3362b, #e5675b); --work: light-dark(#4a6fa5, #7d9fd1); --calm: light-dark(#cfd6de, #3d464f);
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main, header.top, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: .5rem 0 .25rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 0 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1.25rem 0 .5rem; }
p { margin: .4rem 0; }
a { color: var(--link); }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; } pre code { font-size: inherit; }
pre { margin: .5rem 0; padding: .6rem .8rem; background: var(--sheet); border-radius: 6px; overflow-x: auto; max-height: 24rem; }
pre.command { border-left: 3px solid var(--calm); white-space: pre-wrap; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.quiet, .meta, .detail { color: var(--quiet); }
.quiet, .meta { font-size: .875rem; }
header.top { padding-top: 2rem; }
.lead { color: var(--quiet); max-width: 48rem; }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 99px; font-size: .8125rem; font-weight: 600; white-space: nowrap; background: var(--sheet); color: var(--quiet); }
.badge.pass { background: var(--pass-soft); color: var(--pass); }
.badge.fail { background: var(--fail-soft); color: var(--fail); }
.badge.inconclusive { background: var(--inconclusive-soft); color: var(--inconclusive); }
h1 .badge { font-size: 1rem; vertical-align: .25em; margin-left: .35rem; text-transform: uppercase; letter-spacing: .03em; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .75rem; margin: 1.25rem 0; padding: 0; }
.tiles div { border: 1px solid var(--rule); border-radius: 10px; padding: .75rem 1rem; }
.tiles dt { color: var(--quiet); font-size: .875rem; }
.tiles dd { margin: 0; }
.tiles .value { font-size: 1.6rem; font-weight: 650; line-height: 1.3; font-variant-numeric: tabular-nums; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; margin: 1rem 0; padding: .6rem 0; border-block: 1px solid var(--rule); font-size: .9rem; }
section { margin: 2.5rem 0; scroll-margin-top: 1rem; }
figure { margin: 0 0 1rem; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); font-size: .875rem; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--rule); }
thead th { color: var(--quiet); font-weight: 500; font-size: .8125rem; white-space: nowrap; }
tbody th { font-weight: 600; }
.findings, .checks, ol.steps { list-style: none; margin: .5rem 0; padding: 0; }
.findings li { padding: .5rem 0; font-size: .9375rem; border-bottom: 1px solid var(--rule); }
.findings pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.findings li:last-child { border-bottom: 0; }
.reason::first-letter { text-transform: uppercase; } .reason, .todo { font-size: .9375rem; }
.rule { opacity: .8; }
.step { border: 1px solid var(--rule); border-radius: 10px; padding: .75rem 1rem; margin: .6rem 0; }
.step .head { display: flex; flex-wrap: wrap; gap: .25rem .6rem; align-items: baseline; margin: 0; }
.step .manual { font-weight: 500; }
.attempt { border-top: 1px dashed var(--rule); margin-top: .6rem; padding-top: .35rem; }
.checks .pass { color: var(--pass); } .checks .fail { color: var(--fail); }
summary { cursor: pointer; padding: .2rem 0; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; font-size: .9rem; }
dl.facts dt { color: var(--quiet); } dl.facts dd { margin: 0; }
footer { padding-block: 1.5rem 3rem; border-top: 1px solid var(--rule); color: var(--quiet); font-size: .875rem; }
svg { display: block; max-width: 100%; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--ink); }
svg .label, svg .tick, svg .command { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
svg .label { font-weight: 600; } svg .detail { font-weight: 400; fill: var(--quiet); }
svg .tick { font-size: 11px; fill: var(--quiet); }
svg .inside { font-size: 11px; } svg .command { font: 11px ui-monospace, Menlo, Consolas, monospace; }
svg .narrow { display: none; }
svg .grid { stroke: var(--rule); } svg .zero { stroke: var(--fault); stroke-dasharray: 3 3; }
svg .outage { fill: var(--fail); opacity: .07; } svg .recovery { fill: var(--pass); stroke: var(--pass); opacity: .55; }
svg .phase, svg .stage { fill: var(--sheet); stroke: var(--rule); } svg .stage.failed { fill: var(--fail-soft); }
svg .stage.procedure { fill: light-dark(#e4ecf7, #22304a); }
svg .fault { fill: var(--fail-soft); stroke: var(--fault); } svg .signal { fill: var(--inconclusive); }
svg .step { fill: var(--work); stroke: var(--work); } svg .step.as-written, svg .step.performed { fill: var(--pass); stroke: var(--pass); }
svg .step.failed { fill: var(--fail); stroke: var(--fail); } svg .step.corrected, svg .step.not-proved { fill: var(--inconclusive); stroke: var(--inconclusive); }
svg .slot.ok { fill: var(--pass); opacity: .75; } svg .slot.failed { fill: var(--fail); } svg .slot.late { fill: var(--inconclusive); }
svg .slot.unsent { fill: url(#hatch); } svg .slot.aborted { fill: var(--calm); } svg .hatch { fill: var(--quiet); }
svg .track { fill: var(--sheet); } svg .time.pass { fill: var(--pass); } svg .time.fail { fill: var(--fail); } svg .time.inconclusive { fill: var(--inconclusive); }
svg .time { opacity: .55; } svg .whisker { stroke: var(--ink); stroke-width: 1.5; } svg .target { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 4 3; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; margin: .5rem 0; font-size: .8125rem; color: var(--quiet); }
.legend svg { display: inline-block; vertical-align: -.1em; margin-right: .35rem; }
@media (max-width: 40rem) {
  body { font-size: 15px; } main, header.top, footer { padding-inline: 1rem; }
  dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dd { margin-bottom: .5rem; }
  svg .wide { display: none; } svg .narrow { display: inline; } .hash { font-size: .75em; }
}
@media print {
  :root { color-scheme: light; } body { font-size: 10pt; } nav { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, header.top, footer { max-width: none; padding: 0; } section { margin: 1.25rem 0; }
  .step, .tiles div, tr, figure, .findings li { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  .step details::details-content { content-visibility: visible; height: auto; } summary { list-style: none; }
  #timeline details { display: none; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; } a { color: inherit; text-decoration: none; }
}
`;
