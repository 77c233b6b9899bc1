// @ts-check
// More into a run that is trained: a file, or text that is pasted. Which settings say how it is read, the room tells.
import { html, useEffect, useState } from "#studio/ui/dom.js";
import { ProblemError, request, said } from "#studio/ui/http.js";
import { Notice, ProgressBar, Segmented } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { count, translator, words } from "#studio/ui/text.js";
import { hidden, link } from "#studio/ui/url.js";
import { TEXT } from "#studio/try/add.text.js";
import { pathOf } from "#studio/try/ask.js";
import { Drop } from "#studio/try/drop.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {import("#studio/types.d.ts").Added} Added */
/** @typedef {import("#studio/types.d.ts").ConfigField} ConfigField */

const t = translator(TEXT);
const KINDS = [".txt", ".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".gz", ".zst"];
const MOST_BYTES = 50_000_000;

/** @param {{ room: Room, run: RunSummary, query: Record<string, string>, onAdded: () => void }} props */
export function AddMore({ room, run, query, onAdded }) {
  const what = words(room.adds?.what);
  const fields = room.fields.filter(({ name }) => room.adds?.read.includes(name));
  const [from, setFrom] = useState("file");
  const [file, setFile] = useState(/** @type {File | null} */ (null));
  const [pasted, setPasted] = useState("");
  const [read, setRead] = useState(/** @type {Record<string, string>} */ ({}));
  const { send, stop, working, added, error } = useAdded(room.name, run.id, onAdded);
  const sent = from === "file" ? file : pasted.trim() ? new File([pasted], pastedName(new Date())) : null;
  const add = async () => {
    if (sent && (await send(sent, from === "file" ? read : { ...read, encoding: "utf-8" }))) (setFile(null), setPasted(""));
  };
  return html`<section class="sheet stack whole-file add-more" aria-labelledby="add-title">
    <div class="intro"><h2 id="add-title">${t("title", { what })}</h2><p class="quiet">${t("about", { what })}</p></div>
    ${run.bundled
      ? html`<${Notice}>${t("bundled")} ${hidden(query, "train") || html`<a ...${link(`/${room.name}/train`)}>${t("train")}</a>`}<//>`
      : html`<div class="row">
            <${Segmented}
              label=${t("from")}
              value=${from}
              options=${[
                { value: "file", title: t("file") },
                { value: "paste", title: t("paste") },
              ]}
              onChange=${setFrom}
            />
          </div>
          ${from === "file"
            ? html`<${Drop} file=${file} kinds=${KINDS} about=${t("kinds")} onChoose=${setFile} />`
            : html`<textarea
                rows="5"
                aria-label=${t("pasteHere", { what })}
                placeholder=${t("pasteHere", { what })}
                value=${pasted}
                onInput=${(/** @type {any} */ event) => setPasted(event.currentTarget.value)}
              ></textarea>`}
          <details>
            <summary>${t("howRead")}</summary>
            <div class="row options">
              ${fields.map((field) => html`<${Setting} key=${field.name} field=${field} own=${run.config[field.name]} read=${read} onRead=${setRead} />`)}
            </div>
          </details>
          <div class="row">
            ${working
              ? html`<button onClick=${stop}>${t("stop")}</button>`
              : html`<button class="primary" disabled=${!sent} onClick=${add}>${t("add")}</button>`}
            <span role="status">${added && html`<b class="ok">${t("added", { n: count(added.count), total: count(added.total), what })}</b>`}</span>
          </div>
          ${working && html`<${ProgressBar} value=${null} label=${t("adding")} />`}
          ${added?.skipped && html`<${Notice}>${said({ message: added.skipped, zh: added.skipped_zh })}<//>`}
          ${added?.advice && html`<${Notice}>${words(added.advice)}<//>`}
          ${error && html`<${Notice} kind="error">${error}<//>`}`}
  </section>`;
}

/**
 * One setting that says how a file is read; untouched, it is the run's own.
 * @param {{ field: ConfigField, own: any, read: Record<string, string>, onRead: (read: Record<string, string>) => void }} props
 */
function Setting({ field, own, read, onRead }) {
  const choices = /** @type {string[] | undefined} */ (field.json_schema.enum);
  const change = (/** @type {any} */ event) => onRead({ ...read, [field.name]: event.currentTarget.value });
  const value = read[field.name] ?? String(own ?? "");
  return html`<label title=${words(field.about)}>
    <span class="fine">${field.name}</span>
    ${choices
      ? html`<select onChange=${change}>
          ${choices.map((choice) => html`<option key=${choice} value=${choice} selected=${choice === value}>${choice}</option>`)}
        </select>`
      : html`<input value=${value} onInput=${change} />`}
  </label>`;
}

/** @param {Date} now @returns {string} a name that no document has yet: what is pasted has none */
export function pastedName(now) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `pasted-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.txt`;
}

/** @param {string} room @param {string} run @param {() => void} onAdded */
function useAdded(room, run, onAdded) {
  const [working, setWorking] = useState(/** @type {AbortController | null} */ (null));
  const [added, setAdded] = useState(/** @type {Added | null} */ (null));
  const [error, setError] = useState("");
  useEffect(() => () => working?.abort(), [working]);
  /** @param {File} file @param {Record<string, string>} read @returns {Promise<boolean>} whether it is in */
  async function send(file, read) {
    setAdded(null);
    setError(file.size > MOST_BYTES ? t("tooLarge", { name: file.name }) : "");
    if (file.size > MOST_BYTES) return false;
    const control = new AbortController();
    setWorking(control);
    try {
      const query = new URLSearchParams({ ...read, filename: file.name });
      const response = await request("POST", `${pathOf(room, run)}/add?${query}`, { body: file, signal: control.signal });
      setAdded(await response.json());
      onAdded();
      return true;
    } catch (problem) {
      if (!control.signal.aborted) setError(problem instanceof ProblemError && problem.status ? problem.message : told(null));
      return false;
    } finally {
      setWorking((now) => (now === control ? null : now));
    }
  }
  return { send, stop: () => setWorking(null), working, added, error };
}
