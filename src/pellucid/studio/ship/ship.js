// @ts-check
// Ship: a bundle for each run time, made and held against the trained model; how to use it; and run in this page.
import { html, useEffect, useState } from "#studio/ui/dom.js";
import { post, ProblemError, useGet } from "#studio/ui/http.js";
import { Notice, Spinner } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { translator, words } from "#studio/ui/text.js";
import { Here } from "#studio/ship/here.js";
import { Snippets } from "#studio/ship/snippets.js";
import { Target } from "#studio/ship/target.js";
import { TEXT } from "#studio/ship/text.js";
import { pathOf } from "#studio/try/ask.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {import("#studio/types.d.ts").Exports} Exports */
/** @typedef {import("#studio/ui/url.js").Place} Place */

const t = translator(TEXT);
const AGAIN = 700; // milliseconds until a working export is asked about again

/** @param {{ room: Room, run: RunSummary | null, place: Place }} props */
export function Ship({ room, run, place }) {
  const files = run && !room.ships_nothing ? `${pathOf(room.name, run.id)}/exports` : null;
  const { data, error, again } = /** @type {{ data: Exports | null, error: ProblemError | null, again: () => void }} */ (useGet(files));
  const [refused, setRefused] = useState("");
  const working = data?.exports.some((each) => each.state === "working") ?? false;
  useEffect(() => {
    if (!working) return;
    const timer = setTimeout(again, AGAIN);
    return () => clearTimeout(timer);
  }, [data]);
  useEffect(() => setRefused(""), [files]);
  if (room.ships_nothing) return html`<div class="stack ship nothing"><header><h1>${t("shipsNothing")}</h1><p class="quiet">${words(room.ships_nothing)}</p></header></div>`;
  if (!run || !files) return html`<${Notice} kind="empty">${t("noRun")}<//>`;
  if (error) return html`<${Notice} kind="error">${told(error)}<//>`;
  if (!data) return html`<${Spinner} />`;
  const made = (/** @type {string} */ name) => data.exports.find((each) => each.name === name);
  async function start(/** @type {string} */ name) {
    setRefused("");
    try {
      await post(files ?? "", { name });
    } catch (problem) {
      setRefused(sentence(problem));
    }
    again();
  }
  return html`<div class="stack ship">
    <header><h1>${t("ship")}</h1><p class="quiet">${t("aboutShip")}</p></header>
    ${refused && html`<${Notice} kind="error">${refused}<//>`}
    <div class="targets">
      ${data.runtimes.map(
        (runtime, i) =>
          html`<${Target}
            key=${runtime.name}
            runtime=${runtime}
            made=${made(runtime.name)}
            busy=${working}
            main=${i === 0}
            files=${files}
            onExport=${() => start(runtime.name)}
          />`,
      )}
    </div>
    <${Snippets} exports=${data.exports} runtimes=${data.runtimes} />
    <${Here} room=${room} run=${run.id} exports=${data.exports} files=${files} place=${place} />
  </div>`;
}

/** @param {unknown} problem */
function sentence(problem) {
  if (!(problem instanceof ProblemError) || !problem.status) return told(null);
  const first = problem.problems[0];
  return first?.code === "export_working" ? t("busy", { what: first.limit }) : t("refused", { message: problem.message });
}
