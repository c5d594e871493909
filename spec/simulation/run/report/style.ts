import { Html } from './html.ts';

/** In the colours of the reader's own screen, light or dark. */
export const STYLE = new Html(`
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fbfaf7; --faint: #667080; --line: #ddd9d0;
  --bar: #2f6f8f; --good: #2b7a4b; --bad: #b3322a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --paper: #14181d; --faint: #96a0ab;
  --line: #2c333b; --bar: #5aa5c8; --good: #5cbd85; --bad: #ef7a70; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2rem; }
header h1 { margin: 0; font-size: 1.6rem; }
header.good h1 { color: var(--good); }
header.bad h1 { color: var(--bad); }
header p { margin: .25rem 0 1.5rem; color: var(--faint); }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.15rem; }
h3 { margin: 0; font-size: 1rem; }
small { color: var(--faint); font-size: .85em; }
ul { list-style: none; margin: 0; padding: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.25rem, 1fr)); gap: 1rem; }
.figures b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.figures small { display: block; }
.bars li { display: grid; grid-template-columns: 15rem 1fr 12rem; gap: .75rem; align-items: center; padding: .15rem 0; }
.bars .bar { height: .8rem; border-radius: .2rem; background: linear-gradient(var(--bar), var(--bar)) 0 / var(--part) 100% no-repeat; }
.bars .count { text-align: right; font-variant-numeric: tabular-nums; }
.never .name, .never small { color: var(--bad); }
.times { display: flex; align-items: end; gap: 2px; height: 8rem; border-bottom: 1px solid var(--line); }
.times span { flex: 1; height: 100%; background: linear-gradient(var(--bar), var(--bar)) bottom / 100% var(--part) no-repeat; }
.scale { display: flex; justify-content: space-between; color: var(--faint); font-size: .85em; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: .75rem 0; }
.facts div { display: flex; gap: .5rem; }
.facts dt { color: var(--faint); }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
.failure { border-left: 3px solid var(--bad); padding: .25rem 0 .25rem 1rem; margin: 0 0 1.25rem; }
.failure p { margin: .5rem 0; }
.wide, pre { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9em; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
td small { display: block; }
code, pre { font: .85em/1.5 ui-monospace, monospace; }
td code { overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .75rem; border: 1px solid var(--line); border-radius: .4rem; max-height: 32rem; overflow-y: auto; }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; }
main { padding-bottom: 4rem; }
@media (max-width: 40rem) {
  .bars li { grid-template-columns: 1fr auto; gap: 0 .75rem; padding: .3rem 0; }
  .bars .bar { grid-column: 1 / -1; grid-row: 2; }
}
`);
