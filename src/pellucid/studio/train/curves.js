// @ts-check
// Curves by uPlot: colours from the tokens, each line also told by its dashes; the values under the pointer in the legend.
import uPlot from "#studio/vendor/uplot/uPlot.esm.js";
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { number } from "#studio/ui/text.js";
import { align } from "#studio/train/series.js";
import { scoreText, t } from "#studio/train/names.js";

/** @typedef {import("#studio/train/series.js").Points} Points */
/** @typedef {import("#studio/train/series.js").Unit} Unit */
/** @typedef {{ label: string, points: Points, style: number, thin?: boolean }} Curve style: which of LOOKS; thin: no points */

const Plot = /** @type {any} */ (uPlot);

export const LOOKS = [
  { token: "--accent", dash: [] },
  { token: "--neg", dash: [8, 4] },
  { token: "--ok", dash: [2, 3] },
  { token: "--ink-2", dash: [10, 3, 2, 3] },
  { token: "--bad", dash: [4, 3] },
  { token: "--warn", dash: [14, 4] },
];

const look = (/** @type {number} */ style) => LOOKS[style % LOOKS.length];
const token = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {{ style: number, thin?: boolean }} props the line of a curve, small, for a legend */
export const Swatch = ({ style, thin = false }) =>
  html`<svg class="swatch" width="26" height="8" aria-hidden="true">
    <line
      x1="1" x2="25" y1="4" y2="4"
      stroke-width=${thin ? 1 : 2}
      stroke-dasharray=${look(style).dash.join(" ")}
      style=${{ stroke: `var(${look(style).token})` }}
    />
  </svg>`;

/**
 * One picture of some curves with its legend.
 * @param {{ title: string, unit: Unit, curves: Curve[], height?: number }} props
 */
export function Curves({ title, unit, curves, height = 200 }) {
  const [at, setAt] = useState(/** @type {number | null} */ (null));
  const shown = curves.filter((curve) => curve.points.length);
  const data = useMemo(() => align(curves.map((curve) => curve.points)), [curves]);
  const x = at === null ? null : data[0][at];
  return html`<figure class="curves">
    <figcaption>
      <h3>${title}</h3>
      <span class="fine at">${x === null || x === undefined ? "" : t("at", { unit: t(unit), x: number(x, Number.isInteger(x) ? 0 : 2) })}</span>
    </figcaption>
    ${shown.length
      ? html`<${Canvas} data=${data} curves=${curves} unit=${unit} height=${height} said=${summary(title, unit, shown)} onPoint=${setAt} />`
      : html`<div class="blank" style=${{ height: `${height}px` }}>${t("noCurves")}</div>`}
    <ul class="legend">
      ${curves.map((curve, i) => {
        const value = at === null ? curve.points.at(-1)?.[1] : nearest(data[i + 1], at);
        return html`<li key=${curve.label}>
          <${Swatch} style=${curve.style} thin=${curve.thin} /><span>${curve.label}</span><span class="num">${scoreText(value)}</span>
        </li>`;
      })}
    </ul>
  </figure>`;
}

/** @param {(number | null | undefined)[]} row @param {number} at @returns the last value up to there; nothing behind the curve's end */
function nearest(row, at) {
  if (row.slice(at).every((y) => y === undefined)) return undefined;
  return row.slice(0, at + 1).findLast((y) => y !== undefined);
}

/** @param {string} title @param {Unit} unit @param {Curve[]} curves @returns {string} the picture in words */
const summary = (title, unit, curves) =>
  t("curvesSaid", {
    title,
    unit: t(unit),
    curves: curves
      .map(({ label, points }) => t("curveSaid", { name: label, from: scoreText(points[0][1]), to: scoreText(points[points.length - 1][1]) }))
      .join("; "),
  });

/**
 * @param {{ data: any, curves: Curve[], unit: Unit, height: number, said: string, onPoint: (at: number | null) => void }} props
 */
function Canvas({ data, curves, unit, height, said, onPoint }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const plot = useRef(/** @type {any} */ (null));
  const drawn = curves.map((curve) => `${curve.label} ${curve.style} ${curve.thin}`).join("\n");
  useLayoutEffect(() => {
    const element = /** @type {HTMLDivElement} */ (box.current);
    plot.current = new Plot(options(curves, unit, element.clientWidth || 300, height, onPoint), data, element);
    const resized = new ResizeObserver(() => plot.current.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const unfollow = followTheme(() => plot.current.redraw(false));
    return () => {
      resized.disconnect();
      unfollow();
      plot.current.destroy();
    };
  }, [drawn, unit, height]);
  useEffect(() => plot.current.setData(data), [data]);
  return html`<div class="canvas" ref=${box} role="img" aria-label=${said}></div>`;
}

/** @param {() => void} redraw @returns {() => void} unfollows */
function followTheme(redraw) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(redraw);
  dark.addEventListener("change", redraw);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => {
    dark.removeEventListener("change", redraw);
    chosen.disconnect();
  };
}

/**
 * @param {Curve[]} curves @param {Unit} unit @param {number} width @param {number} height
 * @param {(at: number | null) => void} onPoint
 */
function options(curves, unit, width, height, onPoint) {
  const axis = {
    stroke: () => token("--ink-2"),
    grid: { stroke: () => token("--line"), width: 1 },
    ticks: { show: false },
    font: `12px ${token("--sans")}`,
    gap: 6,
  };
  return {
    width,
    height,
    legend: { show: false },
    scales: { x: { time: false } },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    axes: [
      { ...axis, size: 30, space: 60, grid: { show: false }, incrs: unit === "seconds" ? undefined : WHOLE },
      { ...axis, size: 52, space: 34 },
    ],
    series: [
      {},
      ...curves.map((curve) => ({
        stroke: () => token(look(curve.style).token),
        width: curve.thin ? 1 : 2,
        dash: look(curve.style).dash,
        alpha: curve.thin ? 0.75 : 1,
        spanGaps: true,
        points: { show: (/** @type {any} */ u, /** @type {number} */ i) => !curve.thin && single(u.data[i]), size: 6 },
      })),
    ],
    hooks: { setCursor: [(/** @type {any} */ u) => onPoint(u.cursor.idx ?? null)] },
  };
}

/** @param {(number | null | undefined)[]} row @returns {boolean} whether there is but one point, which makes no line */
const single = (row) => row.filter((y) => y !== undefined && y !== null).length === 1;

const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6];
