// @ts-check
// The data of a run to choose from: by class, only what was answered wrongly, page by page, each with truth and answer.
import { html, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { useGet } from "#studio/ui/http.js";
import { Dialog, Notice, Spinner } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { count, translator } from "#studio/ui/text.js";
import { go, useUrl } from "#studio/ui/url.js";
import { TEXT } from "#studio/input/text.js";
import { pathOf } from "#studio/try/ask.js";

/** @typedef {import("#studio/input/input.js").Entry} Entry */
/** @typedef {import("#studio/types.d.ts").Samples} Samples */
/** @typedef {{ truth?: string, answered?: string, wrong?: string }} Wanted as the URL has it */

const t = translator(TEXT);
const PAGE = 48;
const CLOSED = { gallery: null, truth: null, answered: null, wrong: null };

/** @param {import("#studio/types.d.ts").Room} room @returns {boolean} whether its data has classes: its answers are labels */
export const hasGallery = (room) => room.outputs.some(({ kind }) => kind === "label");

/** A button, and the gallery that it opens. @param {Entry} entry */
export function FromTestSet({ room, run, name, onChange, Shown }) {
  const { query } = useUrl();
  if (!run || !hasGallery(room)) return null;
  return html`<button onClick=${() => go(null, { gallery: name })}>${t("testSet")}</button>
    ${query.gallery === name && html`<${Gallery} key=${run} room=${room} run=${run} wanted=${query} Shown=${Shown} onChoose=${(/** @type {string} */ value) => onChange?.(value)} />`}`;
}

/** @param {{ room: import("#studio/types.d.ts").Room, run: string, wanted: Wanted, Shown: any, onChoose: (value: string) => void }} props */
function Gallery({ room, run, wanted, Shown, onChoose }) {
  const [start, setStart] = useState(0);
  const asked = new URLSearchParams({ start: String(start), count: String(PAGE) });
  if (wanted.truth !== undefined) asked.set("target", wanted.truth);
  if (wanted.answered !== undefined) asked.set("answer", wanted.answered);
  if (wanted.wrong !== undefined) asked.set("wrong", "true");
  const { data, error, loading } = /** @type {{ data: Samples | null, error: any, loading: boolean }} */ (useGet(`${pathOf(room.name, run)}/samples?${asked}`));
  const close = () => go(null, CLOSED, { replace: true });
  const filter = (/** @type {Record<string, string | null>} */ change) => {
    setStart(0);
    go(null, change, { replace: true });
  };
  return html`<${Dialog} title=${t("gallery")} wide=${true} onClose=${close}>
    <div class="stack gallery">
      <div class="row">
        <${Classes} label=${t("truth")} all=${t("allClasses")} names=${data?.targets ?? []} value=${wanted.truth} onChange=${(/** @type {string | null} */ truth) => filter({ truth })} />
        <${Classes} label=${t("answer")} all=${t("allAnswers")} names=${data?.targets ?? []} value=${wanted.answered} onChange=${(/** @type {string | null} */ answered) => filter({ answered })} />
        <label class="row only"><input type="checkbox" checked=${wanted.wrong !== undefined} onChange=${(/** @type {any} */ event) => filter({ wrong: event.currentTarget.checked ? "1" : null })} /> ${t("onlyWrong")}</label>
      </div>
      ${error && html`<${Notice} kind="error">${problem(error)}<//>`}
      ${!data && loading && html`<p class="row quiet"><${Spinner} label=${t("reading")} /> ${t("reading")}</p>`}
      ${data && html`<${Pages} total=${data.total} shown=${data.samples.length} start=${start} loading=${loading} onStart=${setStart} />`}
      ${data && html`<${Choices} room=${room} Shown=${Shown} samples=${data.samples} onChoose=${(/** @type {string} */ value) => (onChoose(value), close())} />`}
    </div>
  <//>`;
}

/** @param {import("#studio/ui/http.js").ProblemError} error @returns {string} */
function problem(error) {
  if (error.status === 409) return t("dataChanged", { message: error.message });
  return error.problems[0]?.code === "no_samples" ? t("noData") : told(error);
}

/** @param {{ label: string, all: string, names: string[], value: string | undefined, onChange: (value: string | null) => void }} props */
const Classes = ({ label, all, names, value, onChange }) =>
  html`<label class="row"><span class="fine">${label}</span>
    <select onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.selectedIndex ? event.currentTarget.value : null)}>
      <option selected=${value === undefined}>${all}</option>
      ${(value === undefined || names.includes(value) ? names : [value, ...names]).map((name) => html`<option key=${name} value=${name} selected=${name === value}>${name}</option>`)}
    </select>
  </label>`;

/** @param {{ total: number, shown: number, start: number, loading: boolean, onStart: (start: number) => void }} props */
const Pages = ({ total, shown, start, loading, onStart }) =>
  html`<div class="row pages">
    <span class="grow quiet" role="status">${total ? t("shown", { first: count(start + 1), last: count(start + shown), total: count(total) }) : t("noneSuch")}</span>
    ${loading && html`<${Spinner} />`}
    ${total > PAGE &&
    html`<button disabled=${start === 0} onClick=${() => onStart(Math.max(0, start - PAGE))}>${t("previousPage")}</button>
      <button disabled=${start + PAGE >= total} onClick=${() => onStart(start + PAGE)}>${t("nextPage")}</button>`}
  </div>`;

/** @param {{ room: import("#studio/types.d.ts").Room, Shown: any, samples: Samples["samples"], onChoose: (value: string) => void }} props */
function Choices({ room, Shown, samples, onChoose }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const [current, setCurrent] = useState(0);
  useEffect(() => setCurrent(0), [samples]);
  /** Arrow keys go from one to the next, and from row to row. @param {KeyboardEvent} event */
  function move(event) {
    const all = /** @type {HTMLElement[]} */ ([...(list.current?.querySelectorAll("button") ?? [])]);
    const top = (/** @type {HTMLElement} */ each) => each.getBoundingClientRect().top;
    const columns = Math.max(1, all.filter((each) => Math.abs(top(each) - top(all[0])) < 2).length);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -all.length, End: all.length }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = Math.min(all.length - 1, Math.max(0, current + step));
    setCurrent(next);
    all[next].focus();
  }
  return html`<ul class=${`samples ${room.input.kind}`} ref=${list} onKeyDown=${move}>
    ${samples.map((each, i) => {
      const right = each.answer === each.target;
      const said = right ? t("rightly", { target: each.target }) : t("wrongly", { target: each.target, answer: each.answer ?? "" });
      return html`<li key=${each.place}>
        <button class=${right ? "" : "wrong"} tabindex=${i === current ? 0 : -1} aria-label=${room.input.kind === "text" ? undefined : said} title=${said} onClick=${() => onChoose(each.input)}>
          <${Shown} value=${each.input} label=${said} />
          <span class="truth" aria-hidden=${room.input.kind !== "text"}>${each.target}${right ? "" : html`<b> → ${each.answer}</b>`}</span>
        </button>
      </li>`;
    })}
  </ul>`;
}
