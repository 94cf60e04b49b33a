/** Looks of the page: light and dark by the system's setting, one column on a narrow window. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --back: #f4f5f7; --panel: #fff; --line: #e3e6ea; --soft: #f7f8fa; --ink: #1b2129; --quiet: #5d6875;
  --accent: #0f766e; --green: #15803d; --blue: #3659c9; --amber: #a15c07; --red: #c02626; --grey: #697481;
  --green-back: #e5f5ea; --blue-back: #e9eefc; --amber-back: #fdf1dc; --red-back: #fce8e8; --grey-back: #edeff2;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1318; --panel: #171c23; --line: #28303a; --soft: #1c222a; --ink: #e4e8ed; --quiet: #95a1ae;
    --accent: #4cc2b4; --green: #62cd85; --blue: #8fabff; --amber: #e9b25c; --red: #ff8a85; --grey: #93a0ae;
    --green-back: #16301f; --blue-back: #1d2748; --amber-back: #382a11; --red-back: #401d1f; --grey-back: #252c35;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--back); color: var(--ink); font: 14px/1.45 var(--sans); }
header { background: var(--panel); border-bottom: 1px solid var(--line); padding: 12px 20px; }
.bar { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; }
h1 { font-size: 17px; margin: 0; display: flex; align-items: center; gap: 9px; }
.logo { display: inline-grid; place-items: center; width: 24px; height: 24px; border-radius: 6px; background: #0f766e; color: #fff; font-size: 14px; }
h2 { font-size: 14px; margin: 0; }
#notes { list-style: none; margin: 6px 0 0; padding: 0; font-size: 12.5px; }
#notes:empty { display: none; }
main { padding: 16px 20px 32px; display: grid; gap: 16px; max-width: 1680px; margin: 0 auto; }
.grow { flex: 1; }
.quiet, a.quiet:not([href]) { color: var(--quiet); }
.number { font-variant-numeric: tabular-nums; }
.chip, .count { font-size: 12px; border-radius: 999px; padding: 1px 9px; background: var(--grey-back); color: var(--quiet); }
.link { display: inline-flex; align-items: center; gap: 7px; font-size: 12.5px; color: var(--quiet); }
.link i { width: 9px; height: 9px; border-radius: 50%; background: var(--grey); }
.link.live i { background: var(--green); }
.link.lost i { background: var(--red); }
#gone { background: var(--red-back); color: var(--ink); border-bottom: 1px solid var(--red); padding: 10px 20px; display: flex; gap: 8px; flex-wrap: wrap; }
#gone strong { color: var(--red); }
.stale main { opacity: .55; }
.columns { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr) 380px; align-items: start; }
.main, .side { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; min-width: 0; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; min-width: 0; overflow: hidden; }
.title { display: flex; align-items: center; gap: 10px; padding: 11px 14px; border-bottom: 1px solid var(--line); flex-wrap: wrap; }
.none { margin: 0; padding: 14px; color: var(--quiet); }
.tall { max-height: 340px; overflow: auto; }
code, pre, .mono { font-family: var(--mono); font-size: 12.5px; }
a { color: var(--accent); text-decoration: none; }
a:not([href]) { color: inherit; }
a:not([href]):hover { text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; border-radius: 4px; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; }
input[type=search] { font: inherit; font-size: 13px; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 7px; padding: 4px 10px; width: 215px; max-width: 100%; }

.states { display: flex; gap: 5px; flex-wrap: wrap; }
.states button { font-size: 12px; border-radius: 999px; padding: 1px 10px; border: 1px solid var(--line); color: var(--quiet); }
.states button b { font-weight: 600; color: var(--ink); margin-left: 4px; font-variant-numeric: tabular-nums; }
.states button[aria-pressed=true] { background: var(--ink); border-color: var(--ink); color: var(--panel); }
.states button[aria-pressed=true] b { color: inherit; }

table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th { text-align: left; font-weight: 500; font-size: 12px; color: var(--quiet); padding: 7px 8px; border-bottom: 1px solid var(--line); }
td { padding: 7px 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody:last-child tr:last-child td { border-bottom: 0; }
th:first-child, td:first-child { padding-left: 14px; }
th:last-child, td:last-child { padding-right: 14px; }
.right { text-align: right; }
.vms th:nth-child(1) { width: 112px; }
.vms th:nth-child(3) { width: 28%; }
.vms th:nth-child(4) { width: 16%; }
.vms th:nth-child(5) { width: 64px; }
.vms th:nth-child(6) { width: 104px; }
.vms td:nth-child(6) { white-space: nowrap; }
.cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: block; }
tr.vm { cursor: pointer; }
tr.vm:hover td, tr.vm.open td { background: var(--soft); }
tr.vm.open td { border-bottom-color: transparent; }
tr.ended .name, tr.ended td { color: var(--quiet); }
/* Names of a fleet differ at their ends, so they are never cut. */
.name { font-weight: 600; width: 100%; overflow-wrap: anywhere; }
.last { color: var(--quiet); font-family: var(--mono); font-size: 12px; min-height: 18px; }
.state { display: inline-flex; align-items: center; gap: 6px; font-size: 12px; border-radius: 999px; padding: 1px 9px 1px 8px; white-space: nowrap; color: var(--grey); background: var(--grey-back); }
.state i { width: 7px; height: 7px; border-radius: 50%; background: currentColor; flex: none; }
.state.green { color: var(--green); background: var(--green-back); }
.state.blue { color: var(--blue); background: var(--blue-back); }
.state.amber { color: var(--amber); background: var(--amber-back); }
.state.red { color: var(--red); background: var(--red-back); }
.named { display: flex; align-items: baseline; }
.tag { font-size: 11.5px; color: var(--quiet); border: 1px solid var(--line); border-radius: 5px; padding: 0 5px; margin-left: 6px; font-weight: 400; white-space: nowrap; }
tr.more td { background: var(--soft); padding-top: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 20px; font-size: 12.5px; margin: 0 0 8px; }
.facts div { display: flex; gap: 6px; min-width: 0; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; overflow: auto; }
.log { background: var(--panel); border: 1px solid var(--line); border-radius: 7px; padding: 8px 10px; max-height: 260px; white-space: pre-wrap; overflow-wrap: anywhere; }

.list { list-style: none; margin: 0; padding: 0; max-height: 420px; overflow: auto; }
.list li { padding: 8px 14px; border-bottom: 1px solid var(--line); }
.list li:last-child { border-bottom: 0; }
.row { display: flex; align-items: center; gap: 8px; min-width: 0; }
.row .cut { flex: 1; min-width: 0; }
.row .state { flex: none; }
.under { white-space: pre-line; font-size: 12.5px; color: var(--quiet); overflow-wrap: anywhere; }

.calls td { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-family: var(--mono); font-size: 12px; padding-top: 4px; padding-bottom: 4px; }
.calls td:nth-child(1) { width: 92px; color: var(--quiet); }
.calls td:nth-child(2) { width: 68px; }
.calls td:nth-child(4) { width: 64px; text-align: right; }
.calls td:nth-child(5) { width: 150px; }
.calls .bad { color: var(--red); }
.calls .fine { color: var(--green); }
.calls .fault { color: var(--amber); }

#empty { padding: 26px 30px; max-width: 860px; width: 100%; margin: 24px auto; }
#empty h2 { font-size: 20px; }
#empty p { margin: 12px 0 8px; }
.copy { position: relative; background: var(--soft); border: 1px solid var(--line); border-radius: 8px; padding: 12px 84px 12px 14px; }
.copy pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.copy button { position: absolute; top: 9px; right: 10px; font-size: 12px; border: 1px solid var(--line); background: var(--panel); border-radius: 6px; padding: 2px 10px; }

@media (min-width: 1181px) {
  /* A long fleet scrolls by itself, so that the calls below it stay in reach. */
  #scroll { max-height: max(420px, calc(100vh - 230px)); overflow: auto; }
  #scroll th { position: sticky; top: 0; background: var(--panel); z-index: 1; box-shadow: 0 1px var(--line); }
}
@media (max-width: 1180px) { .columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 760px) {
  header, main, #gone { padding-left: 12px; padding-right: 12px; }
  input[type=search] { width: 100%; }
  .vms, .vms tbody, tr.more, tr.more td { display: block; }
  .vms thead, .vms .wide { display: none; }
  tr.vm { display: grid; grid-template-columns: 1fr auto; gap: 3px 10px; padding: 9px 14px; border-bottom: 1px solid var(--line); }
  tr.vm:hover, tr.vm.open { background: var(--soft); }
  tr.vm.open { border-bottom-color: transparent; }
  tr.vm td { padding: 0; border: 0; }
  tr.vm td:nth-child(2), tr.vm td:nth-child(3) { grid-column: 1 / -1; min-width: 0; }
  tr.vm td:nth-child(5) { grid-row: 1; grid-column: 2; }
  tr.more td { padding: 0 14px 10px; }
  .calls, .calls tbody { display: block; }
  .calls tr { display: grid; grid-template-columns: 74px 58px 1fr auto; padding: 6px 14px; border-bottom: 1px solid var(--line); }
  .calls tr td { padding: 0; border: 0; width: auto; }
  .calls td:nth-child(3) { grid-row: 2; grid-column: 1 / -1; white-space: normal; overflow-wrap: anywhere; }
  .calls td:nth-child(5) { grid-row: 1; grid-column: 3; }
  .calls td:nth-child(4) { grid-row: 1; grid-column: 4; }
}
`;
