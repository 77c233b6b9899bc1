// @ts-check
// A file of inputs: chosen or dropped, answered row by row on the server, handed back with its answers.
import { html, useEffect, useState } from "#studio/ui/dom.js";
import { ProblemError, request } from "#studio/ui/http.js";
import { Notice, ProgressBar, Segmented } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { count, translator } from "#studio/ui/text.js";
import { pathOf } from "#studio/try/ask.js";
import { Drop, kindOf } from "#studio/try/drop.js";
import { TEXT } from "#studio/try/text.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {{ url: string, name: string, rows: number, bad: number, head: string }} Done bad: of these without an answer */

const t = translator(TEXT);
const ENCODINGS = ["utf-8", "utf-16", "cp950", "big5", "gb18030", "shift_jis", "cp1252", "latin-1"];
const KINDS = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".txt"];
const MOST_BYTES = 50_000_000;
const HEAD_LINES = 6;

/** @param {{ room: Room, run: string }} props */
export function WholeFile({ room, run }) {
  const [file, setFile] = useState(/** @type {File | null} */ (null));
  const [options, setOptions] = useState({ column: "", encoding: "utf-8", as: "csv", on_bad: "refuse" });
  const { answer, cancel, clear, working, done, error } = useAnswered(room, run);
  const choose = (/** @type {File} */ chosen) => {
    clear(problemOf(chosen));
    setFile(problemOf(chosen) ? null : chosen);
  };
  const change = (/** @type {Partial<typeof options>} */ some) => {
    clear("");
    setOptions({ ...options, ...some });
  };
  return html`<section class="sheet stack whole-file">
    <div class="intro"><h2>${t("file")}</h2><p class="quiet">${t("aboutFile")}</p></div>
    <${Drop} file=${file} kinds=${KINDS} about=${t("kinds")} onChoose=${choose} />
    ${error && html`<${Notice} kind="error">${error}<//>`}
    ${file &&
    html`<div class="row options">
      <label>
        <span class="fine">${t("column")}</span>
        <input
          value=${options.column}
          placeholder=${room.input.name}
          disabled=${kindOf(file.name) === ".txt"}
          onInput=${(/** @type {any} */ event) => change({ column: event.currentTarget.value })}
        />
      </label>
      <label>
        <span class="fine">${t("encoding")}</span>
        <select
          disabled=${kindOf(file.name) === ".parquet"}
          onChange=${(/** @type {any} */ event) => change({ encoding: event.currentTarget.value })}
        >
          ${ENCODINGS.map((name) => html`<option key=${name} value=${name} selected=${name === options.encoding}>${name}</option>`)}
        </select>
      </label>
      <div>
        <span class="fine" aria-hidden="true">${t("form")}</span>
        <${Segmented}
          label=${t("form")}
          value=${options.as}
          options=${[
            { value: "csv", title: "CSV" },
            { value: "jsonl", title: "JSON Lines" },
          ]}
          onChange=${(/** @type {string} */ as) => change({ as })}
        />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked=${options.on_bad === "skip"}
          onChange=${(/** @type {any} */ event) => change({ on_bad: event.currentTarget.checked ? "skip" : "refuse" })}
        />
        <span>${t("keepBad")}</span>
      </label>
      <span class="grow"></span>
      ${working
        ? html`<button onClick=${cancel}>${t("cancel")}</button>`
        : html`<button class=${done ? "" : "primary"} onClick=${() => answer(file, options)}>${t("predict")}</button>`}
    </div>`}
    ${working && file && html`<${ProgressBar} value=${null} label=${t("predicting", { name: file.name })} />`}
    ${done &&
    html`<div class="row" role="status">
        <b class="ok">${t("rows", { n: count(done.rows - done.bad) })}</b>
        ${done.bad > 0 && html`<b class="wrong">${t("badRows", { n: count(done.bad) })}</b>`}
        <a class="button primary" href=${done.url} download=${done.name}>${t("download", { name: done.name })}</a>
      </div>
      <pre aria-label=${t("firstRows")} tabindex="0">${done.head}</pre>`}
  </section>`;
}

/** @param {File} file @returns {string} what is wrong with it before it is sent */
function problemOf(file) {
  if (!KINDS.includes(kindOf(file.name))) return t("wrongKind", { name: file.name });
  return file.size > MOST_BYTES ? t("tooLarge", { name: file.name }) : "";
}

/** @param {Room} room @param {string} run */
function useAnswered(room, run) {
  const [working, setWorking] = useState(/** @type {AbortController | null} */ (null));
  const [done, setDone] = useState(/** @type {Done | null} */ (null));
  const [error, setError] = useState("");
  useEffect(() => () => working?.abort(), [working]);
  useEffect(() => () => (done ? URL.revokeObjectURL(done.url) : undefined), [done]);
  useEffect(() => clear(""), [room.name, run]);
  /** @param {string} problem */
  function clear(problem) {
    setWorking(null);
    setDone(null);
    setError(problem);
  }
  /** @param {File} file @param {{ column: string, encoding: string, as: string, on_bad: string }} options */
  async function answer(file, options) {
    const control = new AbortController();
    clear("");
    setWorking(control);
    try {
      const query = new URLSearchParams({ filename: file.name, ...options });
      const response = await request("POST", `${pathOf(room.name, run)}/predict-file?${query}`, { body: file, signal: control.signal });
      const found = await response.blob();
      const head = (await found.slice(0, 20_000).text()).replace(/^\ufeff/, "").split("\n").slice(0, HEAD_LINES).join("\n").trim();
      const name = `${file.name.replace(/\.[^.]*$/, "")}-answers.${options.as}`;
      setDone({ url: URL.createObjectURL(found), name, rows: Number(response.headers.get("X-Rows")), bad: Number(response.headers.get("X-Bad")), head });
    } catch (problem) {
      if (!control.signal.aborted) setError(sentence(problem, file.name));
    } finally {
      setWorking((now) => (now === control ? null : now));
    }
  }
  return { answer, cancel: () => clear(""), clear, working, done, error };
}

/** @param {unknown} problem @param {string} name */
function sentence(problem, name) {
  if (!(problem instanceof ProblemError) || problem.status === 0) return told(null); // or the answer broke off
  if (problem.status === 413) return t("tooLarge", { name });
  return t("wrongFile", { message: problem.message });
}
