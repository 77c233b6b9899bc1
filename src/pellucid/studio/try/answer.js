// @ts-check
// One answer: the label in large letters, sentences in words, numbers by name, a ranking, a probability on a gauge with its threshold.
import { html, useState } from "#studio/ui/dom.js";
import { number, translator, words } from "#studio/ui/text.js";
import { called, figure, NONE, ranked, rows } from "#studio/try/outputs.js";
import { TEXT } from "#studio/try/text.js";

/** @typedef {import("#studio/types.d.ts").OutputField} OutputField */

const t = translator(TEXT);

/**
 * @param {{ outputs: OutputField[], answer: Record<string, any>, threshold?: number | null, milliseconds?: number | null }} props
 */
export const Answer = ({ outputs, answer, threshold = null, milliseconds = null }) =>
  html`<div class=${spread(outputs) ? "answer spread" : "answer"}>
    ${outputs.filter(({ name, kind }) => kind !== "number" || answer[name] !== null).map((output) => html`<${SHOWN[output.kind]} key=${output.name} output=${output} title=${words(output.title)} value=${answer[output.name]} threshold=${threshold} />`)}
    ${milliseconds !== null && html`<p class="fine num">${t("milliseconds", { n: number(milliseconds, milliseconds < 10 ? 1 : 0) })}</p>`}
  </div>`;

/** @param {OutputField[]} outputs @returns {boolean} whether every class has a bar of its own, so that one needs no gauge */
const spread = (outputs) => outputs.some(({ kind }) => kind === "distribution");

/** @param {{ output: OutputField, title: string, value: string | null }} props */
const Label = ({ output, title, value }) =>
  html`<div class="answer-label">
    <span class="fine">${title}</span>
    <output aria-live="polite">${called(output, value)}</output>
  </div>`;

/** @param {{ title: string, value: { en: string, "zh-TW": string } | null }} props */
const Sentence = ({ title, value }) =>
  html`<div class="answer-sentence">
    <span class="fine">${title}</span>
    <output aria-live="polite">${words(value) || NONE}</output>
  </div>`;

/** @param {{ title: string, value: number | null }} props */
const Figure = ({ title, value }) =>
  html`<div class="answer-number">
    <span class="fine">${title}</span>
    <output class=${value === null ? "num none" : "num"} aria-live="polite" title=${value ?? ""}>${figure(value)}</output>
  </div>`;

/** @param {{ title: string, value: Record<string, number | null> | null }} props a small table: name = value */
const Numbers = ({ title, value }) =>
  html`<div class="answer-numbers">
    <span class="fine">${title}</span>
    ${rows(value).length
      ? html`<div class="scroll-y" tabindex=${rows(value).length > 8 ? 0 : undefined}>
          <table aria-label=${title}>
            <tbody>
              ${rows(value).map(({ name, text, exact }) => html`<tr key=${name}><th scope="row">${name}</th><td class="equals" aria-hidden="true">=</td><td class="num" title=${exact}>${text}</td></tr>`)}
            </tbody>
          </table>
        </div>`
      : html`<p class="quiet">${t("noNumbers")}</p>`}
  </div>`;

/** @param {{ title: string, value: number, threshold: number | null }} props */
function Gauge({ title, value, threshold }) {
  const told = t("gauge", { title, value: number(value, 4) });
  return html`<div class="gauge">
    <div class="row"><span class="fine grow">${title}</span><b class="num">${number(value, 4)}</b></div>
    <div class="gauge-track" role="img" aria-label=${threshold === null ? told : `${told} ${t("gaugeThreshold", { n: number(threshold) })}`}>
      <i style=${{ width: `${100 * value}%` }}></i>
      ${threshold !== null && html`<s style=${{ left: `${100 * threshold}%` }}></s>`}
    </div>
    <div class="gauge-scale fine num" aria-hidden="true">
      <span>0</span>
      ${threshold !== null && html`<span style=${{ left: `${100 * Math.min(0.75, Math.max(0.25, threshold))}%` }}>${t("threshold", { n: number(threshold) })}</span>`}
      <span>1</span>
    </div>
  </div>`;
}

const MOST_BARS = 12; // in the model's order; of more classes the most probable come first

/** @param {{ title: string, value: Record<string, number> | null }} props a bar for each class, the most probable marked */
function Distribution({ title, value }) {
  const [all, setAll] = useState(false);
  const best = ranked(value);
  const many = best.length > MOST_BARS;
  const shown = many ? best.slice(0, all ? undefined : MOST_BARS) : [...best].sort((a, b) => a.place - b.place);
  return html`<div class="distribution">
    <span class="fine">${title}</span>
    <table aria-label=${title}>
      <tbody>
        ${shown.map(
          ({ name, value: share }) =>
            html`<tr key=${name} class=${name === best[0].name ? "best" : ""}>
              <th scope="row" title=${name}>${name}</th>
              <td class="bar" aria-hidden="true"><i style=${{ width: `${100 * share}%` }}></i></td>
              <td class="num" title=${share}>${percent(share)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${many && !all && html`<button class="small" onClick=${() => setAll(true)}>${t("allClasses", { n: best.length })}</button>`}
  </div>`;
}

/**
 * The best of many, a row each: of a document its name and an extract, of a word a bar as long as its score.
 * @param {{ title: string, value: import("#studio/try/outputs.js").Place[] | null }} props
 */
function Ranking({ title, value }) {
  const places = value ?? [];
  const most = Math.max(...places.map(({ score }) => Math.abs(score)), Number.MIN_VALUE);
  return html`<div class="ranking">
    <span class="fine">${title}</span>
    ${places.length === 0 && html`<p class="quiet">${t("noPlaces")}</p>`}
    <ol aria-label=${title}>
      ${places.map(
        ({ name, score, text }) =>
          html`<li key=${name} class=${score < 0 ? "below" : ""}>
            <b class="theirs">${name}</b>
            <span class="bar" aria-hidden="true"><i style=${{ width: `${(100 * Math.abs(score)) / most}%` }}></i></span>
            <span class="num" title=${score}>${number(score, 4)}</span>
            ${text && html`<p class="theirs">${text}</p>`}
          </li>`,
      )}
    </ol>
  </div>`;
}

/** @param {number} share @returns {string} */
const percent = (share) => (share > 0 && share < 0.0005 ? "< 0.1%" : share < 1 && share > 0.9995 ? "> 99.9%" : `${(100 * share).toFixed(1)}%`);

/** @type {Record<OutputField["kind"], (props: any) => any>} */
const SHOWN = {
  label: Label,
  sentence: Sentence,
  number: Figure,
  numbers: Numbers,
  probability: Gauge,
  distribution: Distribution,
  ranking: Ranking,
};
