// @ts-check
// The exported models run in this page, their answers beside the server's.
import { html, useEffect, useState } from "#studio/ui/dom.js";
import { newest } from "#studio/ui/newest.js";
import { Notice, ProgressBar } from "#studio/ui/parts.js";
import { number, translator, words } from "#studio/ui/text.js";
import { Field, Sources } from "#studio/input/input.js";
import { useUrlInput } from "#studio/input/url.js";
import { answersDiffer, tiny } from "#studio/ship/report.js";
import { load } from "#studio/ship/runtime.js";
import { TEXT } from "#studio/ship/text.js";
import { useAsked } from "#studio/try/ask.js";
import { brief, shortly } from "#studio/try/outputs.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").Export} Export */
/** @typedef {import("#studio/ui/url.js").Place} Place */
/** @typedef {import("#studio/ship/runtime.js").Model} Model */
/** @typedef {{ answer: Record<string, any>, milliseconds: number }} Answered */

const t = translator(TEXT);
const TOLERANCE = 1e-5; // as at the export
const QUANTIZED = /** @type {const} */ ({ dynamic: "quantized_dynamic", static: "quantized_static" });
const INTO_URL = 300; // milliseconds after a change

/**
 * @param {{ room: Room, run: string, exports: Export[], files: string, place: Place }} props files: address of the exports
 */
export function Here({ room, run, exports, files, place }) {
  const [models, setModels] = useState(/** @type {Model[]} */ ([]));
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState("");
  const ready = exports.filter(({ info, state }) => info && state !== "working");
  const version = ready.map(({ info }) => info?.sha256).join();
  useEffect(() => setModels([]), [run, version]);
  useEffect(() => () => models.forEach((model) => model.close()), [models]);
  async function start() {
    setLoading(true);
    setError("");
    const done = await Promise.allSettled(ready.map((made) => load(files, made, room.codec ?? "")));
    setModels(done.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
    setError(done.flatMap((each) => (each.status === "rejected" ? [String(each.reason?.message ?? each.reason)] : [])).join(" "));
    setLoading(false);
  }
  return html`<section class="sheet stack here">
    <div class="intro"><h2 id="here-title">${t("here")}</h2><p class="quiet">${t("aboutHere")}</p></div>
    ${!room.codec
      ? html`<p class="quiet">${t("noCodec")}</p>`
      : !ready.length
        ? html`<p class="quiet">${t("needOnnx")}</p>`
        : models.length
          ? html`<${All} room=${room} run=${run} models=${models} place=${place} />`
          : loading
            ? html`<${ProgressBar} value=${null} label=${t("loading")} />`
            : html`<div><button class="primary" onClick=${start}>${t("load")}</button></div>`}
    ${error && html`<${Notice} kind="error">${t("notLoaded", { message: error })}<//>`}
  </section>`;
}

/** @param {{ room: Room, run: string, models: Model[], place: Place }} props */
function All({ room, run, models, place }) {
  const [input, setInput] = useUrlInput("input", place, room.input.examples[0] ?? "", { pause: INTO_URL });
  const server = useAsked(room.name, run, input, false);
  const { of, found } = useAnswered(models, input);
  const unreachable = server.error?.status === 0;
  const differences = found.map((page) => (page && server.answer && server.of === of ? answersDiffer(page.answer, server.answer) : undefined));
  const exact = differences.filter((difference, i) => !models[i].quantized && difference !== undefined);
  const same = exact.length > 0 && exact.every((difference) => typeof difference === "number" && difference <= TOLERANCE);
  const outputs = brief(room.outputs);
  return html`<${Field} room=${room} run=${run} name="input" value=${input} onChange=${setInput} label=${words(room.input.title)} rows=${2} />
    <div class="row"><${Sources} room=${room} run=${run} name="input" value=${input} onChange=${setInput} /></div>
    <div class="scroll-x">
      <table class="data both">
        <thead>
          <tr>
            <th scope="col">${t("where")}</th>
            ${outputs.map((output) => html`<th key=${output.name} scope="col" class=${inWords(output) ? "" : "end"}>${words(output.title)}</th>`)}
            <th scope="col" class="end">${t("apart")}</th>
            <th scope="col" class="end">${t("time")}</th>
          </tr>
        </thead>
        <tbody>
          ${models.map(
            (model, i) =>
              html`<${Row} key=${model.name} outputs=${outputs} title=${t("inPage")} by=${model.quantized ? t(QUANTIZED[model.quantized], { by: model.by }) : model.by} answered=${found[i]} difference=${differences[i]} />`,
          )}
          <${Row}
            outputs=${outputs}
            title=${t("onServer")}
            by=${unreachable ? t("noServer") : t("onServerBy")}
            answered=${server.answer && server.milliseconds !== null ? { answer: server.answer, milliseconds: server.milliseconds } : null}
          />
        </tbody>
      </table>
    </div>
    <p role="status" class=${unreachable || same ? "same" : "quiet"}>
      ${unreachable ? t("alone") : !exact.length ? "\u00a0" : same ? t("same", { n: tiny(Math.max(.../** @type {number[]} */ (exact))) }) : t("differs")}
    </p>
    <p class="fine">${t(room.input.kind === "text" ? "network" : "networkDrawing")}</p>`;
}

/** @param {Room["outputs"][number]} output @returns {boolean} whether it stands on the left of its column */
const inWords = ({ kind }) => ["label", "sentence", "ranking"].includes(kind);

/**
 * @param {{ outputs: Room["outputs"], title: string, by: string, answered: Answered | null | undefined, difference?: number | null }} props
 * difference: from the server's; null: it is another answer
 */
const Row = ({ outputs, title, by, answered, difference }) =>
  html`<tr>
    <th scope="row">${title} <span class="fine">${by}</span></th>
    ${outputs.map((output) => {
      const value = answered?.answer[output.name];
      return html`<td key=${output.name} class=${inWords(output) ? "" : "num"}>
        ${value === undefined ? "–" : shortly(output, value, 7)}
      </td>`;
    })}
    <td class="num">${difference === undefined ? "–" : difference === null ? t("other") : tiny(difference)}</td>
    <td class="num">${answered ? t("ms", { n: number(answered.milliseconds, 1) }) : "–"}</td>
  </tr>`;

/** @typedef {{ of: string | null, found: (Answered | null)[] }} Found */

/**
 * @param {Model[]} models @param {string} input
 * @returns {Found} the page's own answers to the newest input that was answered
 */
function useAnswered(models, input) {
  const [found, setFound] = useState(/** @type {Found} */ ({ of: null, found: [] }));
  const [tasks] = useState(() =>
    newest(async (/** @type {{ models: Model[], input: string }} */ task, wanted) => {
      const answers = [];
      for (const model of task.models) answers.push(await model.answer(task.input).catch(() => null)); // one after another: each has the time to itself
      if (wanted()) setFound({ of: task.input, found: answers });
    }),
  );
  useEffect(() => () => tasks.forget(), [models]);
  useEffect(() => {
    if (input.trim()) return tasks.ask({ models, input });
    tasks.forget();
    setFound({ of: null, found: [] });
  }, [models, input]);
  return found;
}
