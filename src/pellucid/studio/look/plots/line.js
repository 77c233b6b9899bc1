// @ts-check
// Curves over one axis: several lines, a logarithmic scale where it helps, the step that is open as a mark on each.
import { beside } from "#studio/look/plots/beside.js";
import { Axes, drawn, Legend, Many, MARGIN, Mark, Names, pathOf, reading, t, toggled } from "#studio/look/plots/frame.js";
import { called, now, said } from "#studio/look/plots/numbers.js";
import { axis, leastPositive, logable, span } from "#studio/look/plots/scale.js";
import { useSize } from "#studio/look/views/theme.js";
import { html, useMemo, useState } from "#studio/ui/dom.js";
import { Segmented } from "#studio/ui/parts.js";

/** @typedef {import("#studio/look/plots/numbers.js").Moment} Moment */
/** @typedef {NonNullable<ReturnType<typeof import("#studio/look/plots/read.js").readLine>>} Read */

const FEW = 24; // points of one name that are still drawn large enough to be told apart

/**
 * @param {{ trace: import("#studio/look/trace.js").Trace, plot: import("#studio/look/plots/read.js").Plot, read: Read, moment: Moment | null,
 *   onStep: (step: number, named?: boolean) => void, title: (axis: string) => string }} props
 */
export function Line({ trace, plot, read, moment, onStep, title }) {
  const [room, width] = useSize();
  const [log, setLog] = useState(false);
  const [hidden, setHidden] = useState(/** @type {Set<number>} */ (new Set()));
  const [pointed, setPointed] = useState(/** @type {number | null} */ (null)); // x of the pointer
  const { curves, paths, points, steps } = read;
  const all = curves.flatMap((curve) => curve.y);
  const wide = logable(all);
  const height = Math.round(Math.min(410, Math.max(230, width * 0.7)));
  const axes = useMemo(() => scales(read, width, height, log && wide), [read, width, height, log, wide]);
  const lines = useMemo(() => curves.map((curve) => pathOf(curve.x.map(axes.x.place), curve.y.map(axes.y.place))), [read, axes]);
  const at = steps ? now(steps.length, steps, moment, read.named) : null;
  const [across, up] = [steps && !plot.x ? title("step") : called(trace, plot.x, title), curves[0].label];
  const heading = said(plot.title) || up;
  const read1 = pointed === null ? at : nearestTo(curves[0].x, pointed);
  const inPath = (/** @type {import("#studio/look/plots/read.js").Path} */ path) => path.points[now(path.points.length, path.steps, moment)] ?? [NaN, NaN];
  const told = read1 === null ? (moment && read.moves ? t("equals", { name: title(moment.axis ?? "step"), value: String(moment.named) }) : "") : [t("equals", { name: across, value: reading(curves[0].x[read1]) }), ...curves.map((each) => t("equals", { name: each.label, value: reading(valueAt(each, curves[0].x[read1])) }))].join(" · ");
  const dots = points.filter((point) => !point.many).map((point) => ({ x: axes.x.place(point.x), y: axes.y.place(point.y), text: point.label }));
  const names = beside(dots, dots, { left: 0, right: width, top: MARGIN.top - 6, foot: height - MARGIN.foot + 2 });
  const locate = (/** @type {PointerEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    return axes.x.value(event.clientX - box.left);
  };
  return html`<figure class="plot sheet">
    <figcaption><h3>${heading}</h3><span class="grow"></span>
      ${wide && html`<${Segmented} label=${t("scale")} value=${log ? "log" : "linear"} onChange=${(/** @type {string} */ value) => setLog(value === "log")} options=${[{ value: "linear", title: t("linear") }, { value: "log", title: t("log") }]} />`}
    </figcaption>
    <div class="plot-room" ref=${room}>
      ${width > 0 && html`<svg class="plot-line" width=${width} height=${height} role="img" aria-label=${spoken(heading, across, read, at)}
        onPointerMove=${(/** @type {PointerEvent} */ event) => setPointed(locate(event))} onPointerLeave=${() => setPointed(null)}
        onClick=${(/** @type {PointerEvent} */ event) => steps && onStep(steps[nearestTo(curves[0].x, locate(event))], read.named)}>
        <${Axes} x=${axes.x} y=${axes.y} width=${width} height=${height} across=${across} up=${curves.length > 1 ? "" : up} />
        ${read1 !== null && html`<path class="hair" d=${`M${axes.x.place(curves[0].x[read1])} ${MARGIN.top}V${height - MARGIN.foot}`} />`}
        ${lines.map((d, n) => hidden.has(n) || html`<path key=${n} class="stroke" d=${d} ...${drawn(n)} />`)}
        ${paths.map((path, n) => hidden.has(curves.length + n) || html`<${Along} key=${n} n=${curves.length + n} path=${path} upTo=${now(path.points.length, path.steps, moment)} axes=${axes} />`)}
        ${points.map((point, n) => html`<circle key=${n} class=${point.many ? "dot many" : "dot"} cx=${axes.x.place(point.x)} cy=${axes.y.place(point.y)} r=${!point.many ? 3.5 : points.length > FEW ? 2.2 : 3.2} />`)}
        <${Names} names=${names} />
        ${at !== null && curves.map((curve, n) => hidden.has(n) || html`<${Mark} key=${n} n=${n} x=${axes.x.place(curves[0].x[at])} y=${axes.y.place(valueAt(curve, curves[0].x[at]))} />`)}
        ${paths.map((path, n) => hidden.has(curves.length + n) || html`<${Mark} key=${n} n=${curves.length + n} x=${axes.x.place(inPath(path)[0])} y=${axes.y.place(inPath(path)[1])} />`)}
      </svg>`}
    </div>
    <p class="plot-read fine num" aria-hidden="true">${told}</p>
    <${Many} points=${points} />
    ${curves.length + paths.length > 1 && html`<${Legend} labels=${[...curves, ...paths].map(({ label }) => label)} hidden=${hidden} onToggle=${(/** @type {number} */ n) => setHidden(toggled(hidden, n))} />`}
  </figure>`;
}

/** @param {{ n: number, path: import("#studio/look/plots/read.js").Path, upTo: number, axes: ReturnType<typeof scales> }} props a path on a curve, as far as it has come */
const Along = ({ n, path, upTo, axes }) => {
  const walked = path.points.slice(0, upTo + 1);
  const [xs, ys] = [walked.map(([x]) => axes.x.place(x)), walked.map(([, y]) => axes.y.place(y))];
  return html`<path class="stroke walked" d=${pathOf(xs, ys)} ...${drawn(n)} />`;
};

/** @param {Read} read @param {number} width @param {number} height @param {boolean} log */
function scales({ curves, paths, points }, width, height, log) {
  const xs = curves.flatMap((each) => each.x).concat(points.map(({ x }) => x));
  let [low, high] = span(curves.flatMap((each) => each.y).concat(points.map(({ y }) => y), paths.flatMap((path) => path.points.map(([, y]) => y))));
  if (log) low = leastPositive(curves.flatMap((each) => each.y));
  return {
    x: axis(span(xs), [MARGIN.left, width - MARGIN.right], { about: Math.max(3, width / 110) }),
    y: axis([low, high], [height - MARGIN.foot, MARGIN.top], { log, room: 0.05 }),
  };
}

/** @param {number[]} xs @param {number} x @returns {number} */
function nearestTo(xs, x) {
  let best = 0;
  for (let n = 1; n < xs.length; n++) if (Math.abs(xs[n] - x) < Math.abs(xs[best] - x)) best = n;
  return best;
}

/** @param {import("#studio/look/plots/read.js").Curve} curve @param {number} x @returns {number} at the sample nearest to x; NaN beyond its ends */
const valueAt = (curve, x) => {
  const at = nearestTo(curve.x, x);
  const step = curve.x.length > 1 ? Math.abs(curve.x[Math.max(1, at)] - curve.x[Math.max(1, at) - 1]) : 1;
  return Math.abs(curve.x[at] - x) <= step ? curve.y[at] : NaN;
};

/** @param {string} heading @param {string} across @param {Read} read @param {number | null} at */
function spoken(heading, across, { curves }, at) {
  const lines = curves.map(({ label, y }) => {
    const [low, high] = span(y);
    return t("curve", { label, first: reading(y[0]), last: reading(y[y.length - 1]), low: reading(low), high: reading(high) });
  });
  if (at !== null) lines.push(t("now", { where: `${across} ${reading(curves[0].x[at])}`, value: curves.map((curve) => reading(valueAt(curve, curves[0].x[at]))).join(", ") }));
  const [from, to] = span(curves[0].x);
  return t("spokenLine", { title: heading, across, from: reading(from), to: reading(to), lines: lines.join(" ") });
}
