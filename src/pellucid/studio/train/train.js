// @ts-check
// The Train page: the form of a new run, or a run that is watched; and all runs below.
import { html } from "#studio/ui/dom.js";
import { useKeys } from "#studio/ui/keys.js";
import { Notice } from "#studio/ui/parts.js";
import { go } from "#studio/ui/url.js";
import { restore } from "#studio/train/actions.js";
import { Form } from "#studio/train/form.js";
import { Live } from "#studio/train/live.js";
import { problemText, runName, t } from "#studio/train/names.js";
import { Runs } from "#studio/train/runs.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */

/**
 * @param {{ room: Room, run: RunSummary | null, listed: import("#studio/room/room.js").Listed, place: import("#studio/ui/url.js").Place }} props
 * run: the one that the tabs show
 */
export function Train({ room, run, listed, place }) {
  const { query } = place;
  const { runs, deleted, connected } = listed;
  const watched = runs.find((each) => each.id === query.watch);
  const none = runs.every((each) => each.bundled);
  const showForm = !query.watch || query.set !== undefined;
  useKeys(t("keys"), { n: [t("keyNew"), () => go(null, { watch: null })] });

  return html`<div class="train stack">
    ${showForm &&
    html`<${Form} key=${room.name} room=${room} run=${run} set=${query.set} firstAfter=${none ? (runs.find((each) => each.bundled) ?? null) : undefined} />`}
    ${query.watch &&
    (watched
      ? html`<${Live} key=${watched.id} room=${room} listed=${watched} selected=${run?.id === watched.id} query=${query} />`
      : html`<${Gone} room=${room.name} id=${query.watch} isDeleted=${deleted.includes(query.watch)} />`)}
    ${connected || html`<${Notice} kind="error">${problemText({ code: "offline" })}<//>`}
    <${Runs} room=${room} runs=${runs} deleted=${deleted} selected=${run?.id ?? null} query=${query} />
  </div>`;
}

/** @param {{ room: string, id: string, isDeleted: boolean }} props a link to a run that is not there */
const Gone = ({ room, id, isDeleted }) =>
  html`<${Notice}>
    ${t(isDeleted ? "runDeleted" : "noSuchRun", { run: runName(id) })}
    ${isDeleted && html` <button class="small" onClick=${() => restore(room, [id])}>${t("restore")}</button>`}
  <//>`;
