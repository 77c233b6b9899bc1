// @ts-check
// One answer: the label in large letters, each probability as a number and on a gauge with its threshold.
import { html } from "#studio/ui/dom.js";
import { number, translator, words } from "#studio/ui/text.js";
import { TEXT } from "#studio/try/text.js";

/** @typedef {import("#studio/types.d.ts").OutputField} OutputField */

const t = translator(TEXT);

/**
 * @param {{ outputs: OutputField[], answer: Record<string, any>, threshold?: number | null, milliseconds?: number | null }} props
 */
export const Answer = ({ outputs, answer, threshold = null, milliseconds = null }) =>
  html`<div class="answer">
    ${outputs.map((output) =>
      output.kind === "label"
        ? html`<div class="answer-label" key=${output.name}>
            <span class="fine">${words(output.title)}</span>
            <output aria-live="polite">${answer[output.name]}</output>
          </div>`
        : html`<${Gauge} key=${output.name} title=${words(output.title)} value=${answer[output.name]} threshold=${threshold} />`,
    )}
    ${milliseconds !== null && html`<p class="fine num">${t("milliseconds", { n: number(milliseconds, milliseconds < 10 ? 1 : 0) })}</p>`}
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
