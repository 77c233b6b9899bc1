// @ts-check
// All runs of a room: the table, what can be done with those chosen, their comparison, and those deleted.
import { html, useState } from "#studio/ui/dom.js";
import { Spinner } from "#studio/ui/parts.js";
import { go } from "#studio/ui/url.js";
import { board, remove, restore, startFrom, use } from "#studio/train/actions.js";
import { Compare } from "#studio/train/compare.js";
import { runName, runNames, t } from "#studio/train/names.js";
import { Table } from "#studio/train/table.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */

/**
 * @param {{ room: Room, runs: RunSummary[], deleted: string[], selected: string | null, query: Record<string, string> }} props
 */
export function Runs({ room, runs, deleted, selected, query }) {
  const asked = (query.compare ?? "").split(",");
  const chosen = asked.filter((id) => runs.some((run) => run.id === id));
  const names = runNames(runs);
  return html`<section class="sheet all-runs" aria-labelledby="runs-title">
      <header class="row">
        <h2 id="runs-title" class="grow">${t("runs")}</h2>
        ${chosen.length > 0 ? html`<${Chosen} room=${room} runs=${runs} chosen=${chosen} />` : html`<span class="fine">${t("chooseHint")}</span>`}
        <${BoardButton} room=${room.name} />
      </header>
      <${Table} runs=${runs} names=${names} chosen=${chosen} selected=${selected} sort=${query.sort ?? "-when"} />
      <p class="fine">${t("runsAbout")}</p>
      ${deleted.length > 0 && html`<${Trash} room=${room.name} deleted=${deleted} />`}
    </section>
    ${chosen.length > 1 && html`<${Compare} room=${room.name} runs=${runs} names=${names} chosen=${chosen} query=${query} />`}`;
}

/** @param {{ room: Room, runs: RunSummary[], chosen: string[] }} props */
function Chosen({ room, runs, chosen }) {
  const [one] = chosen.length === 1 ? runs.filter((run) => run.id === chosen[0]) : [];
  const removable = runs.filter((run) => chosen.includes(run.id) && !run.bundled && run.state !== "training").map((run) => run.id);
  return html`<span class="quiet" role="status">${t("chosen", { n: chosen.length })}</span>
    ${one?.answers && html`<button class="small" onClick=${() => use(one)}>${t("use")}</button>`}
    ${one && html`<button class="small" onClick=${() => startFrom(room, one)}>${t("useSettings")}</button>`}
    ${removable.length > 0 && html`<button class="small danger" onClick=${() => remove(room.name, removable)}>${t("delete")}</button>`}
    <button class="small plain" onClick=${() => go(null, { compare: null }, { replace: true })}>${t("clear")}</button>`;
}

/** @param {{ room: string }} props */
function BoardButton({ room }) {
  const [starting, setStarting] = useState(false);
  return html`<button
    class="small"
    disabled=${starting}
    onClick=${async () => {
      setStarting(true);
      await board(room);
      setStarting(false);
    }}
  >
    ${starting ? html`<${Spinner} label=${t("boardStarting")} /> ${t("boardStarting")}` : html`${t("board")} <span aria-hidden="true">↗</span>`}
  </button>`;
}

/** @param {{ room: string, deleted: string[] }} props */
const Trash = ({ room, deleted }) =>
  html`<details class="trash">
    <summary>${t("trash")} <span class="fine">${deleted.length}</span></summary>
    <ul>
      ${deleted.map(
        (id) => html`<li key=${id}>
          <span>${runName(id)}</span> <code class="fine">${id}</code>
          <button class="small" onClick=${() => restore(room, [id])}>${t("restore")}</button>
        </li>`,
      )}
    </ul>
  </details>`;
