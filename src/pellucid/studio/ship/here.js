// @ts-check
// The exported model run in this page, its answer beside the server's.
import { html, useEffect, useState } from "#studio/ui/dom.js";
import { useSettled } from "#studio/ui/http.js";
import { Notice, ProgressBar } from "#studio/ui/parts.js";
import { number, translator, words } from "#studio/ui/text.js";
import { answersDiffer, tiny } from "#studio/ship/report.js";
import { load } from "#studio/ship/runtime.js";
import { TEXT } from "#studio/ship/text.js";
import { useAsked } from "#studio/try/ask.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").Export} Export */
/** @typedef {import("#studio/ship/runtime.js").Model} Model */
/** @typedef {{ answer: Record<string, any>, milliseconds: number }} Answered */

const t = translator(TEXT);
const TOLERANCE = 1e-5; // as at the export

/**
 * @param {{ room: Room, run: string, made: Export | undefined, files: string, input: string | undefined }} props
 * made: the ONNX bundle; files: address of the exports
 */
export function Here({ room, run, made, files, input }) {
  const [model, setModel] = useState(/** @type {Model | null} */ (null));
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState("");
  const version = made?.info?.sha256;
  useEffect(() => setModel(null), [run, version]);
  useEffect(() => () => model?.close(), [model]);
  async function start() {
    setLoading(true);
    setError("");
    try {
      setModel(await load(`${files}/onnx/files`, room.codec ?? ""));
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setLoading(false);
    }
  }
  return html`<section class="sheet stack here">
    <div class="intro"><h2>${t("here")}</h2><p class="quiet">${t("aboutHere")}</p></div>
    ${!room.codec
      ? html`<p class="quiet">${t("noCodec")}</p>`
      : !made?.info
        ? html`<p class="quiet">${t("needOnnx")}</p>`
        : model
          ? html`<${Both} room=${room} run=${run} model=${model} first=${input ?? room.input.examples[0] ?? ""} />`
          : loading
            ? html`<${ProgressBar} value=${null} label=${t("loading")} />`
            : html`<div><button class="primary" onClick=${start}>${t("load")}</button></div>`}
    ${error && html`<${Notice} kind="error">${t("notLoaded", { message: error })}<//>`}
  </section>`;
}

/** @param {{ room: Room, run: string, model: Model, first: string }} props */
function Both({ room, run, model, first }) {
  const [text, setText] = useState(first);
  const server = useAsked(room.name, run, text, false);
  const page = useAnswered(model, text);
  const unreachable = server.error?.status === 0;
  const difference = page && server.answer && server.of === page.of ? answersDiffer(page.answer, server.answer) : undefined;
  const same = typeof difference === "number" && difference <= TOLERANCE;
  return html`<textarea
      rows="2"
      aria-label=${words(room.input.title)}
      spellcheck=${false}
      maxlength=${room.input.json_schema.maxLength}
      value=${text}
      onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}
    ></textarea>
    <div class="scroll-x">
      <table class="data both">
        <thead>
          <tr>
            <th scope="col">${t("where")}</th>
            ${room.outputs.map((output) => html`<th key=${output.name} scope="col" class=${output.kind === "label" ? "" : "end"}>${words(output.title)}</th>`)}
            <th scope="col" class="end">${t("time")}</th>
          </tr>
        </thead>
        <tbody>
          <${Row} room=${room} title=${t("inPage")} by=${t("inPageBy")} answered=${page} />
          <${Row}
            room=${room}
            title=${t("onServer")}
            by=${unreachable ? t("noServer") : t("onServerBy")}
            answered=${server.answer && server.milliseconds !== null ? { answer: server.answer, milliseconds: server.milliseconds } : null}
          />
        </tbody>
      </table>
    </div>
    <p role="status" class=${unreachable || same ? "same" : "quiet"}>
      ${unreachable ? t("alone") : difference === undefined ? "\u00a0" : same ? t("same", { n: tiny(difference) }) : t("differs")}
    </p>
    <p class="fine">${t("network")}</p>`;
}

/** @param {{ room: Room, title: string, by: string, answered: Answered | null }} props */
const Row = ({ room, title, by, answered }) =>
  html`<tr>
    <th scope="row">${title} <span class="fine">${by}</span></th>
    ${room.outputs.map((output) => {
      const value = answered?.answer[output.name];
      return html`<td key=${output.name} class=${output.kind === "label" ? "" : "num"}>
        ${value === undefined ? "–" : typeof value === "number" ? number(value, 7) : value}
      </td>`;
    })}
    <td class="num">${answered ? t("ms", { n: number(answered.milliseconds, 1) }) : "–"}</td>
  </tr>`;

/**
 * @param {Model} model @param {string} text
 * @returns {(Answered & { of: string }) | null} the page's own answer to the newest text
 */
function useAnswered(model, text) {
  const settled = useSettled(text, 30);
  const [answered, setAnswered] = useState(/** @type {(Answered & { of: string }) | null} */ (null));
  useEffect(() => {
    let wanted = true;
    if (!settled.trim()) return setAnswered(null);
    model.answer(settled).then((found) => wanted && setAnswered({ ...found, of: settled }));
    return () => void (wanted = false);
  }, [model, settled]);
  return answered;
}
