// @ts-check
// Look, in the studio: an input, a run, perhaps a second of either, and the explorer on what they computed.
import { html, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { Menu, Notice, Spinner } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { translator, words } from "#studio/ui/text.js";
import { go } from "#studio/ui/url.js";
import { Explorer } from "#studio/look/explorer.js";
import { useLooked } from "#studio/look/looked.js";
import { TEXT } from "#studio/look/text.js";
import { called } from "#studio/room/called.js";
import { shortly } from "#studio/try/outputs.js";

const t = translator(TEXT);
const SETTLED = 90; // milliseconds after the last key

/**
 * @param {{ room: import("#studio/types.d.ts").Room, run: import("#studio/types.d.ts").RunSummary | null,
 *   listed: import("#studio/room/room.js").Listed, place: import("#studio/ui/url.js").Place }} props
 */
export function Look({ room, run, listed, place }) {
  const { query } = place;
  const input = query.input ?? room.input.examples[0] ?? "";
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
  const titles = [first, second].map(({ looked }, i) => (other === run ? "" : `${called(i ? other : run)}: `) + (looked?.input ?? ""));
  const open = () => go(null, double ? { input2: null, run2: null } : { input2: room.input.examples.find((each) => each !== input) ?? input });
  return html`<div class="look stack">
    <div class="inputs">
      <${Written} label=${t("input")} value=${input} field="input" busy=${first.loading} most=${room.input.json_schema.maxLength} lines=${room.input.json_schema.lines} />
      <${Answer} room=${room} answer=${first.looked?.answer} />
      <${Menu} title=${t("examples")} align="right">
        ${room.input.examples.map((each) => html`<button key=${each} onClick=${() => go(null, { input: each })}>${each}</button>`)}
      <//>
      <button aria-pressed=${double} onClick=${open}>${double ? t("onlyOne") : t("sideBySide")}</button>
    </div>
    ${double &&
    html`<div class="inputs">
      <${Written} label=${t("second")} value=${query.input2 ?? input} field="input2" busy=${second.loading} most=${room.input.json_schema.maxLength} lines=${room.input.json_schema.lines} />
      <${Answer} room=${room} answer=${second.looked?.answer} />
      <${SecondRun} runs=${listed.runs} run=${run} chosen=${query.run2} />
    </div>`}
    ${[first.error, second.error].filter(Boolean).map((error) => html`<${Notice} key=${error?.message} kind="error">${told(error)} <button class="small" onClick=${again}>${t("retry")}</button><//>`)}
    ${first.looked
      ? html`<${Explorer} looked=${first.looked} second=${double ? second.looked : null} titles=${titles} gradients=${true} query=${query} change=${go} busy=${first.loading} />`
      : first.loading && html`<p class="quiet row"><${Spinner} /> ${t("looking")}</p>`}
  </div>`;
}

/** @param {{ room: import("#studio/types.d.ts").Room, answer: Record<string, any> | null | undefined }} props the answer, in short */
const Answer = ({ room, answer }) =>
  answer &&
  html`<span class="answered" role="status">
    ${room.outputs.map((out) => html`<span key=${out.name} title=${words(out.title)} class=${out.kind}>${room.outputs.length > 2 && /^number/.test(out.kind) && html`<span class="fine">${words(out.title)} </span>`}${shortly(out, answer[out.name], 3)}</span>`)}
  </span>`;

/**
 * A line of text that is looked at as it is written.
 * @param {{ label: string, value: string, field: string, busy: boolean, most?: number, lines?: number }} props lines: more than one, where Enter begins the next
 */
function Written({ label, value, field, busy, most, lines = 1 }) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const pause = useRef(0);
  useEffect(() => {
    if (value === sent.current) return; // what was written here
    clearTimeout(pause.current);
    setText((sent.current = value)); // the URL changed: an example, the lesson, Back
  }, [value]);
  useEffect(() => () => clearTimeout(pause.current), []);
  /** @param {string} written */
  const write = (written) => {
    setText(written);
    clearTimeout(pause.current);
    if (!written.trim()) return;
    pause.current = window.setTimeout(() => go(null, { [field]: (sent.current = written) }, { replace: true }), SETTLED);
  };
  return html`<label class="written">
    <span class="sr-only">${label}</span>
    ${lines > 1
      ? html`<textarea rows=${lines} value=${text} maxlength=${most} spellcheck=${false} onInput=${(/** @type {any} */ event) => write(event.target.value)}></textarea>`
      : html`<input type="text" value=${text} maxlength=${most} spellcheck=${false} onInput=${(/** @type {any} */ event) => write(event.target.value)} />`}
    ${busy && html`<${Spinner} />`}
  </label>`;
}

/** @param {{ runs: import("#studio/types.d.ts").RunSummary[], run: import("#studio/types.d.ts").RunSummary, chosen: string | undefined }} props */
function SecondRun({ runs, run, chosen }) {
  return html`<select aria-label=${t("secondRun")} value=${chosen ?? run.id} onChange=${(/** @type {any} */ event) => go(null, { run2: event.target.value === run.id ? null : event.target.value, input2: null })}>
    ${runs.filter((each) => each.answers).map((each) => html`<option key=${each.id} value=${each.id}>${each.id === run.id ? t("sameRun") : called(each)}</option>`)}
  </select>`;
}
