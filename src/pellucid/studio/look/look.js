// @ts-check
// Look, in the studio: an input, a run, perhaps a second of either, and the explorer on what they computed.
import { html, useEffect, useState } from "#studio/ui/dom.js";
import { Notice, Spinner } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { translator, words } from "#studio/ui/text.js";
import { go } from "#studio/ui/url.js";
import { asTitle, FromData, Line, Sources } from "#studio/input/input.js";
import { useUrlInput } from "#studio/input/url.js";
import { Explorer } from "#studio/look/explorer.js";
import { useLooked } from "#studio/look/looked.js";
import { TEXT } from "#studio/look/text.js";
import { called } from "#studio/room/called.js";
import { brief, shortly } from "#studio/try/outputs.js";

const t = translator(TEXT);
const SETTLED = 90; // milliseconds after the last change

/**
 * @param {{ room: import("#studio/types.d.ts").Room, run: import("#studio/types.d.ts").RunSummary | null,
 *   listed: import("#studio/room/room.js").Listed, place: import("#studio/ui/url.js").Place }} props
 */
export function Look({ room, run, listed, place }) {
  const { query } = place;
  const input = query.input ?? room.input.examples[0] ?? "";
  const [written, write] = useUrlInput("input", place, room.input.examples[0] ?? "", { pause: SETTLED, empty: false });
  const [written2, write2] = useUrlInput("input2", place, input, { pause: SETTLED, empty: false });
  const double = query.input2 !== undefined || query.run2 !== undefined;
  const backward = query.show === "gradient";
  const [turn, setTurn] = useState(0);
  const again = () => setTurn(turn + 1);
  const first = useLooked(room.name, run?.id ?? null, input, backward, turn);
  const second = useLooked(room.name, double ? (query.run2 ?? run?.id ?? null) : null, query.input2 ?? input, backward, turn);
  useEffect(() => {
    if (listed.connected && /** @type {any} */ (first.error)?.status === 0) again(); // the server is back
  }, [listed.connected]);
  if (!run) return html`<${Notice} kind="empty">${t("noRun")}<//>`;
  const other = listed.runs.find((each) => each.id === query.run2) ?? run;
  const titles = [first, second].map(({ looked }, i) => (other === run ? "" : `${called(i ? other : run)}: `) + (asTitle(room, looked?.input ?? "") || t(i ? "other" : "first")));
  const open = () => go(null, double ? { input2: null, run2: null } : { input2: room.input.examples.find((each) => each !== input) ?? input });
  return html`<div class="look stack">
    <div class="inputs">
      <${Line} room=${room} run=${run.id} name="input" label=${t("input")} value=${written} onChange=${write} busy=${first.loading} />
      <${Answer} room=${room} answer=${first.looked?.answer} />
      <${Sources} room=${room} run=${run.id} name="input" value=${input} onChange=${(/** @type {string} */ chosen) => go(null, { input: chosen })} inLine=${true} />
      <button aria-pressed=${double} onClick=${open}>${double ? t("onlyOne") : t("sideBySide")}</button>
    </div>
    ${double &&
    html`<div class="inputs">
      <${Line} room=${room} run=${run.id} name="input2" label=${t("second")} value=${written2} onChange=${write2} busy=${second.loading} />
      <${Answer} room=${room} answer=${second.looked?.answer} />
      <${FromData} room=${room} run=${run.id} name="input2" value=${written2} onChange=${(/** @type {string} */ chosen) => go(null, { input2: chosen })} />
      <${SecondRun} runs=${listed.runs} run=${run} chosen=${query.run2} />
    </div>`}
    ${[first.error, second.error].filter(Boolean).map((error) => html`<${Notice} key=${error?.message} kind="error">${told(error)} <button class="small" onClick=${again}>${t("retry")}</button><//>`)}
    ${first.looked
      ? html`<${Explorer} looked=${first.looked} second=${double ? second.looked : null} titles=${titles} gradients=${first.looked.trace.path !== ""} query=${query} change=${go} busy=${first.loading}
          patches=${(/** @type {string} */ node, /** @type {number} */ channel) => `/api/rooms/${room.name}/runs/${encodeURIComponent(run.id)}/patches?node=${encodeURIComponent(node)}&channel=${channel}`} />`
      : first.loading && html`<p class="quiet row"><${Spinner} /> ${t("looking")}</p>`}
  </div>`;
}

/** @param {{ room: import("#studio/types.d.ts").Room, answer: Record<string, any> | null | undefined }} props the answer, in short */
const Answer = ({ room, answer }) =>
  answer &&
  html`<span class=${`answered ${room.outputs.length > 3 ? "many" : ""}`} role="status">
    ${brief(room.outputs).filter((out) => answer[out.name] !== null).map((out) => html`<span key=${out.name} title=${words(out.title)} class=${out.kind}>${room.outputs.length > 2 && /^number/.test(out.kind) && html`<span class="fine">${words(out.title)} </span>`}${shortly(out, answer[out.name], 3)}</span>`)}
  </span>`;

/** @param {{ runs: import("#studio/types.d.ts").RunSummary[], run: import("#studio/types.d.ts").RunSummary, chosen: string | undefined }} props */
function SecondRun({ runs, run, chosen }) {
  return html`<select aria-label=${t("secondRun")} value=${chosen ?? run.id} onChange=${(/** @type {any} */ event) => go(null, { run2: event.target.value === run.id ? null : event.target.value, input2: null })}>
    ${runs.filter((each) => each.answers).map((each) => html`<option key=${each.id} value=${each.id}>${each.id === run.id ? t("sameRun") : called(each)}</option>`)}
  </select>`;
}
