// @ts-check
// The table of a room's runs: sortable; on a narrow page each run is a card. Which are chosen, and the order, is in the URL.
import { html, useState } from "#studio/ui/dom.js";
import { when } from "#studio/ui/text.js";
import { go, link } from "#studio/ui/url.js";
import { Swatch } from "#studio/train/curves.js";
import { Changes, State } from "#studio/train/marks.js";
import { countText, durationText, runName, scoreName, scoreText, settingText, t } from "#studio/train/names.js";
import { sorted } from "#studio/train/series.js";

/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/**
 * @typedef {{ id: string, title: string, number?: boolean, text: (run: RunSummary) => any,
 *   key: (run: RunSummary) => string | number | null | undefined }} Column
 */

const FEW = 20; // runs that are shown at once

/** @param {RunSummary} run @returns {string} */
const changedText = (run) => Object.entries(run.changed).map(([name, value]) => `${name} ${settingText(value)}`).join(", ");

/** @param {RunSummary} run @returns {number | null} epochs that are over */
const epochsOf = (run) => run.training?.epochs ?? run.epoch;

/** @param {RunSummary[]} runs @returns {Column[]} those of the scores are as the runs have them */
export function columns(runs) {
  const scores = [...new Set(runs.flatMap((run) => Object.keys(run.scores)))];
  const seconds = (/** @type {RunSummary} */ run) => run.training?.seconds ?? null;
  return [
    { id: "when", title: t("when"), key: (run) => run.started, text: (run) => (run.bundled ? t("bundledAbout") : when(run.started)) },
    { id: "changed", title: t("changed"), key: changedText, text: (run) => html`<${Changes} run=${run} />` },
    { id: "state", title: t("state"), key: (run) => t(run.state), text: (run) => html`<${State} run=${run} />` },
    { id: "epochs", title: t("epochs"), number: true, key: epochsOf, text: (run) => countText(epochsOf(run)) },
    ...scores.map((name) => ({
      id: name,
      title: scoreName(name, { short: true }),
      number: true,
      key: (/** @type {RunSummary} */ run) => run.scores[name],
      text: (/** @type {RunSummary} */ run) => scoreText(run.scores[name]),
    })),
    { id: "seconds", title: t("time"), number: true, key: seconds, text: (run) => durationText(seconds(run)) },
    { id: "parameters", title: t("parameters"), number: true, key: (run) => run.parameters, text: (run) => countText(run.parameters) },
  ];
}

/**
 * @param {{ runs: RunSummary[], names: string[], chosen: string[], selected: string | null, sort: string }} props
 * names: of the runs. chosen: ids. selected: the run that the tabs show. sort: a column's id, "-" before it: largest first
 */
export function Table({ runs, names, chosen, selected, sort }) {
  /** @type {Column[]} */
  const all = [{ id: "name", title: t("name"), key: (run) => runName(run.id), text: () => "" }, ...columns(runs)];
  const [by, down] = [sort.replace(/^-/, ""), sort.startsWith("-")];
  const { key } = all.find((column) => column.id === by) ?? all[1];
  const order = (/** @type {Column} */ { id, number }) => {
    const downFirst = number || id === "when";
    go(null, { sort: (by === id ? !down : downFirst) ? `-${id}` : id }, { replace: true });
  };
  const choose = (/** @type {string} */ id) => {
    const next = chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id];
    go(null, { compare: next.length ? next.join(",") : null }, { replace: true });
  };
  const [whole, setWhole] = useState(false);
  const rows = sorted(runs, key, down);
  const shown = whole || rows.length <= FEW ? rows : rows.filter((run, n) => n < FEW || run.id === selected || chosen.includes(run.id));
  return html`<${SortBy} columns=${all} sort=${sort} />
    <div class="scroll-x">
    <table class="data runs" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <td role="cell"></td>
          ${all.map(
            (column) => html`<th
              key=${column.id}
              role="columnheader"
              scope="col"
              class=${column.number ? "num" : ""}
              aria-sort=${by === column.id ? (down ? "descending" : "ascending") : "none"}
            >
              <button class="plain" onClick=${() => order(column)}>
                ${column.title}${by === column.id && html`<span class="arrow" aria-hidden="true">${down ? "↓" : "↑"}</span>`}
              </button>
            </th>`,
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${shown.map((run) => {
          const name = names[runs.indexOf(run)];
          return html`<tr key=${run.id} role="row" class=${chosen.includes(run.id) ? "chosen" : ""}>
            <td role="cell" class="choose">
              <input type="checkbox" aria-label=${t("choose", { run: name })} checked=${chosen.includes(run.id)} onChange=${() => choose(run.id)} />
            </td>
            <th role="rowheader" scope="row" class="name">
              <a ...${link(null, { watch: run.id, set: null })}>${name}</a>
              ${chosen.length > 1 && chosen.includes(run.id) && html`<${Swatch} style=${chosen.indexOf(run.id)} />`}
              ${selected === run.id && html`<span class="mark">${t("inUse")}</span>`}
            </th>
            ${all.slice(1).map(
              (column) =>
                html`<td key=${column.id} role="cell" class=${`${column.number ? "num" : ""} at-${column.id}`} data-title=${column.title}>
                  ${column.text(run)}
                </td>`,
            )}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>
  ${rows.length > FEW && html`<p><button class="plain small" aria-expanded=${whole} onClick=${() => setWhole(!whole)}>${whole ? t("fewRuns") : t("allRuns", { n: rows.length })}</button></p>`}`;
}

/** @param {{ columns: { id: string, title: string, number?: boolean }[], sort: string }} props where there is no head to click on */
const SortBy = ({ columns, sort }) =>
  html`<label class="sort-by">
    <span class="quiet">${t("sortBy")}</span>
    <select value=${sort} onChange=${(/** @type {any} */ event) => go(null, { sort: event.currentTarget.value }, { replace: true })}>
      ${columns.flatMap(({ id, title }) => [
        html`<option key=${id} value=${id}>${title} ↑</option>`,
        html`<option key=${`-${id}`} value=${`-${id}`}>${title} ↓</option>`,
      ])}
    </select>
  </label>`;
