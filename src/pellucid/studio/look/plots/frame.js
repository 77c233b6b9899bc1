// @ts-check
// What curves and planes share on the page: axes with ticks, the legend of what is drawn, a reading under the pointer.
import { brief } from "#studio/look/plots/scale.js";
import { shape, stroke } from "#studio/look/plots/strokes.js";
import { TEXT } from "#studio/look/plots/text.js";
import { html } from "#studio/ui/dom.js";
import { number, translator } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/plots/scale.js").Axis} Axis */

export const t = translator(TEXT);
export const MARGIN = { left: 56, right: 14, top: 22, foot: 40 };
export const MARK = 5.5; // size of the mark of the step that is open

/** @param {number} value @returns {string} what the pointer reads: enough digits, not more */
export function reading(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0) return number(value);
  return size < 0.01 || size >= 1e6 ? brief(value) : number(value, Math.max(0, Math.min(3, 3 - Math.floor(Math.log10(size)))));
}

/** @param {{ x: Axis, y: Axis, width: number, height: number, across: string, up: string, over?: boolean }} props over: ticks at the edge only */
export const Axes = ({ x, y, width, height, across, up, over = false }) => html`<g class="axes" aria-hidden="true">
  ${x.ticks.map(({ at, text }) => html`<g key=${`x${at}`}>
    <path class=${at === 0 ? "zero" : ""} d=${`M${x.place(at)} ${over ? height - MARGIN.foot : MARGIN.top}V${height - MARGIN.foot + 4}`} />
    <text x=${x.place(at)} y=${height - MARGIN.foot + 17}>${text}</text>
  </g>`)}
  ${y.ticks.map(({ at, text }) => html`<g key=${`y${at}`}>
    <path class=${at === 0 ? "zero" : ""} d=${`M${MARGIN.left - 4} ${y.place(at)}H${over ? MARGIN.left : width - MARGIN.right}`} />
    <text class="end" x=${MARGIN.left - 8} y=${y.place(at) + 4}>${text}</text>
  </g>`)}
  <text class="end name" x=${width - MARGIN.right} y=${height - 5}>${across} →</text>
  <text class="start name" x="0" y="12">${up && `↑ ${up}`}</text>
</g>`;

/** @param {number} n @returns {Record<string, any>} how the n-th line is drawn */
export const drawn = (n) => {
  const { colour, dash } = stroke(n);
  return { style: { stroke: `var(--${colour})` }, "stroke-dasharray": dash.join(" ") || undefined };
};

/** @param {{ n: number, x: number, y: number, r?: number, hollow?: boolean }} props the mark of the n-th line */
export const Mark = ({ n, x, y, r = MARK, hollow = false }) =>
  Number.isFinite(x + y) && html`<path class="mark" d=${shape(stroke(n).shape, r)} transform=${`translate(${x} ${y})`}
    style=${{ fill: hollow ? "var(--sheet)" : `var(--${stroke(n).colour})`, stroke: hollow ? `var(--${stroke(n).colour})` : "var(--sheet)" }} />`;

/**
 * The lines by name, each a switch; values: what each has now.
 * @param {{ labels: string[], hidden: Set<number>, onToggle: (n: number) => void, values?: string[], from?: number }} props from: number of the first one's stroke
 */
export const Legend = ({ labels, hidden, onToggle, values, from = 0 }) => html`<div class="plot-legend" role="group" aria-label=${t("drawn")}>
  ${labels.map((label, n) => html`<button key=${n} class="small plain" aria-pressed=${!hidden.has(n)} onClick=${() => onToggle(n)}>
    <svg width="30" height="14" aria-hidden="true"><path class="stroke" d="M1 7H29" ...${drawn(from + n)} /><${Mark} n=${from + n} x=${15} y=${7} r=${4} /></svg>
    <span>${label}</span>${values?.[n] && html`<span class="num">${values[n]}</span>`}
  </button>`)}
</div>`;

/** @param {{ points: import("#studio/look/plots/read.js").Dot[] }} props what the small dots are that have one name together */
export const Many = ({ points }) => {
  const named = points.filter((point) => point.many && point.first && point.label);
  return named.length > 0 && html`<p class="fine plot-many"><i aria-hidden="true"></i>${named.map(({ label }) => label).join(", ")}</p>`;
};

/** @param {Set<number>} hidden @param {number} n @returns {Set<number>} */
export function toggled(hidden, n) {
  const next = new Set(hidden);
  if (!next.delete(n)) next.add(n);
  return next;
}

/** @param {(number | undefined)[]} xs @param {(number | undefined)[]} ys in pixels @returns {string} a path, broken where there is no number */
export function pathOf(xs, ys) {
  let [path, pen] = ["", "M"];
  for (let n = 0; n < xs.length; n++) {
    const there = Number.isFinite(xs[n]) && Number.isFinite(ys[n]);
    if (there) path += `${pen}${Number(xs[n]).toFixed(1)} ${Number(ys[n]).toFixed(1)}`;
    pen = there ? "L" : "M";
  }
  return path;
}

/** @param {{ names: (import("#studio/look/plots/beside.js").Named | null)[] }} props words beside points */
export const Names = ({ names }) =>
  names.map((name, n) => name && html`<text key=${n} class=${`label ${name.side} ${name.main ? "main" : ""}`} x=${name.x} y=${name.y}>${name.text}</text>`);
