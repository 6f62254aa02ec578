#include "conformance/harness/matrix_page.h"

namespace mp::conformance {

// clang-format off: neither of these is C++.
const char* const kMatrixStyle = R"css(
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5d6878; --paper: #fbfbf9; --card: #fff; --line: #e2e4e0; --accent: #1f5fa8;
  --pass: #23704a; --pass-bg: #e3f2e9; --fail: #a3212b; --fail-bg: #f9dcdc; --odd: #8a5a00; --odd-bg: #fdeecb; --none: #7a8493; --none-bg: transparent }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa5b4; --paper: #14181e; --card: #1b2129; --line: #2c343f; --accent: #7fb2ee;
  --pass: #7fd3a4; --pass-bg: #17342a; --fail: #ff9c9c; --fail-bg: #4a1d22; --odd: #f2c66d; --odd-bg: #40310f; --none: #77828f } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 84rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.8rem; letter-spacing: -0.02em }
header p, article p, .source, footer, small, i { color: var(--soft) }
header p { margin: 0.3rem 0 1.6rem; max-width: 46rem }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem }
article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.2rem }
article h2 { margin: 0; font-size: 1.05rem }
article p { margin: 0.1rem 0 0.6rem; font-size: 0.9rem }
article footer { font-size: 0.8rem }
article .fine { color: var(--pass) }
article .alarm { color: var(--fail); font-weight: 600 }
dl { margin: 0 0 0.6rem }
dt { font-size: 0.8rem; color: var(--soft) }
dd { margin: 0 0 0.5rem; font-size: 0.95rem }
.bar { display: block; height: 6px; margin-top: 4px; border-radius: 3px; background: var(--fail-bg); overflow: hidden }
.bar span { display: block; height: 100%; background: var(--pass) }
#tools { display: flex; flex-wrap: wrap; gap: 0.8rem 1.4rem; align-items: center; margin: 1.6rem 0 0.8rem; font-size: 0.9rem }
#tools ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; margin: 0; padding: 0; list-style: none; color: var(--soft) }
input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.6rem }
table { border-collapse: separate; border-spacing: 0; width: 100%; background: var(--card); border: 1px solid var(--line); border-radius: 10px }
thead th { position: sticky; top: 0; z-index: 1; background: var(--card); padding: 0.5rem 0.5rem 0.2rem; font-size: 0.85rem; vertical-align: bottom }
thead tr + tr th { top: 3.6rem; padding: 0 0.5rem 0.4rem; font-weight: 400; font-size: 0.78rem; color: var(--soft); border-bottom: 1px solid var(--line) }
thead tr:first-child th { height: 3.6rem }
thead th[rowspan] { text-align: left; border-bottom: 1px solid var(--line); width: 100% }
tbody th { text-align: left; font-weight: 400; padding: 0.1rem 0.8rem; border-top: 1px solid var(--line) }
.noun th { padding: 1.1rem 0.8rem 0.3rem; font-size: 1.05rem; font-weight: 650; border-top: 0 }
.clause:hover th, .clause:hover td, .clause:target th { background: color-mix(in srgb, var(--accent) 8%, var(--card)) }
.clause.alarm th { box-shadow: inset 3px 0 var(--fail) }
button { all: unset; cursor: pointer; font: 0.86rem/1.7 ui-monospace, monospace }
button:focus-visible, input:focus-visible, select:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
button::before { content: "▸"; display: inline-block; width: 1.1em; color: var(--soft) }
button[aria-expanded=true]::before { content: "▾" }
.says { color: var(--soft); font-size: 0.86rem; margin-left: 0.7rem }
tbody th { max-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
td.cell { text-align: center; min-width: 4.6rem; border-top: 1px solid var(--line) }
span.cell { display: inline-block; width: 1.5rem; text-align: center; border-radius: 4px }
.first { border-left: 1px solid var(--line) }
.cell.pass { color: var(--pass); background: var(--pass-bg) }
.cell.fail { color: var(--fail); background: var(--fail-bg); font-weight: 700 }
.cell.unresolved { color: var(--odd); background: var(--odd-bg); font-weight: 700 }
.cell.unsupported, .cell.untested { color: var(--none) }
.cell.known { background: repeating-linear-gradient(-45deg, transparent 0 4px, var(--fail-bg) 4px 7px); font-weight: 400 }
.cell.unresolved.known { background: repeating-linear-gradient(-45deg, transparent 0 4px, var(--odd-bg) 4px 7px) }
.details td { padding: 0 }
.details div { padding: 0.4rem 1rem 1rem 2.2rem; border-top: 1px dashed var(--line) }
.details p { margin: 0.3rem 0; max-width: 52rem }
.details section { border-left: 3px solid var(--none); padding: 0.1rem 0 0.1rem 0.9rem; margin: 0.8rem 0 }
.details section.fail { border-color: var(--fail) }
.details section.unresolved { border-color: var(--odd) }
h4 { margin: 0; font-size: 0.92rem }
pre, code { font: 0.82rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap }
pre { margin: 0.3rem 0; max-height: 24rem; overflow: auto }
summary { cursor: pointer; font-size: 0.88rem; color: var(--accent) }
)css";

const char* const kMatrixScript = R"js(
{
  const search = document.getElementById("search"), show = document.getElementById("show"), count = document.getElementById("count");
  const rows = [...document.querySelectorAll("tr.clause")].map(row => {
    const cells = [...row.querySelectorAll("td")], signs = new Set(cells.map(cell => cell.textContent));
    return {
      row, text: (row.textContent + " " + row.nextElementSibling.textContent).toLowerCase(),
      all: true, alarm: row.classList.contains("alarm"), differ: signs.size > 1,
      broken: cells.some(cell => cell.matches(".fail, .unresolved")) };
  });
  const unfold = (row, yes) => {
    row.querySelector("button").setAttribute("aria-expanded", yes);
    row.nextElementSibling.hidden = !yes;
  };
  const refresh = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of rows) {
      const visible = one[show.value] && words.every(word => one.text.includes(word));
      one.row.hidden = !visible;
      if (!visible) unfold(one.row, false);
      shown += visible;
    }
    for (const body of document.querySelectorAll("tbody")) body.hidden = !body.querySelector("tr.clause:not([hidden])");
    count.textContent = shown + " of " + rows.length + " clauses";
  };
  document.querySelector("table").addEventListener("click", event => {
    const row = event.target.closest("tr.clause");
    if (row) unfold(row, row.nextElementSibling.hidden);
  });
  document.getElementById("tools").addEventListener("submit", event => event.preventDefault());
  search.addEventListener("input", refresh);
  show.addEventListener("change", refresh);
  refresh();
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.matches("tr.clause")) unfold(target, true);
}
)js";

}  // namespace mp::conformance
