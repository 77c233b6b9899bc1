// @ts-check
// A plane from above: contours by d3, and over them what was walked, with the step that is open.
import { fill } from "#studio/look/plots/bands.js";
import { beside } from "#studio/look/plots/beside.js";
import { Axes, drawn, MARGIN, Mark, Names, pathOf } from "#studio/look/plots/frame.js";
import { clipped } from "#studio/look/plots/read.js";
import { axis, brief, span } from "#studio/look/plots/scale.js";
import { useD3 } from "#studio/look/plots/with.js";
import { textWidth } from "#studio/look/views/plane.js";
import { useSize } from "#studio/look/views/theme.js";
import { html, useMemo } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/plots/plane.js").Read} Read */
/** @typedef {import("#studio/look/plots/bands.js").Bands} Bands */
/** @typedef {{ x: import("#studio/look/plots/scale.js").Axis, y: import("#studio/look/plots/scale.js").Axis, width: number, height: number }} Box */

const TALLEST = 430;
const ALIKE = 3; // how different the spans of both axes may be and still have the same scale
const NEAR = 16; // pixels within which a step of a path is meant
const LONG = 300; // steps of a path from which it is drawn without a halo, to stay smooth
const MARKED = 90; // steps of a path that are marked each

/**
 * @param {{ read: Read, bands: Bands | null, at: number[], hidden: Set<number>, label: string, pointed: [number, number] | null,
 *   onPointed: (at: [number, number] | null) => void, onStep: (path: number, place: number) => void }} props
 */
export function Contours({ read, bands, at, hidden, label, pointed, onPointed, onStep }) {
  const d3 = useD3();
  const [room, width] = useSize();
  const box = useMemo(() => boxOf(read, width), [read.x, read.y, width]);
  const ground = useMemo(() => width > 0 && html`<${Ground} d3=${d3} grid=${read.grid} bands=${bands} box=${box} />`, [d3, read.grid, bands, box]);
  const { x, y, height } = box;
  const names = useMemo(() => beside(...labels(read, box)), [read, box]);
  const meant = pointed ? read.points.findIndex((each) => each.x === pointed[0] && each.y === pointed[1] && !each.many) : -1;
  const placed = useMemo(() => /** @type {WeakMap<[number, number][], Placed>} */ (new WeakMap()), [box]);
  const ways = read.paths.map(({ points }) => {
    if (!placed.has(points)) placed.set(points, placedIn(points, box));
    return /** @type {Placed} */ (placed.get(points));
  });
  const located = (/** @type {PointerEvent} */ event) => {
    const area = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    return [event.clientX - area.left, event.clientY - area.top];
  };
  const point = (/** @type {PointerEvent} */ event) => {
    const [px, py] = located(event);
    const near = nearestStep(ways, hidden, px, py);
    const dot = near ? null : nearestDot(read.points, box, px, py);
    const at = near ? read.paths[near.path].points[near.place] : /** @type {[number, number]} */ (dot ? [dot.x, dot.y] : [x.value(px), y.value(py)]);
    const inside = at[0] >= x.low && at[0] <= x.high && at[1] >= y.low && at[1] <= y.high;
    onPointed(inside ? at : null);
  };
  const pick = (/** @type {PointerEvent} */ event) => {
    const [px, py] = located(event);
    const near = nearestStep(ways, hidden, px, py);
    if (near) onStep(near.path, near.place);
  };
  const read1 = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by || !event.shiftKey) return;
    event.preventDefault();
    const [from, to] = [pointed ?? [(x.low + x.high) / 2, (y.low + y.high) / 2], (/** @type {number} */ v, /** @type {import("#studio/look/plots/scale.js").Axis} */ side) => Math.min(side.high, Math.max(side.low, v))];
    onPointed([to(from[0] + (by[0] * (x.high - x.low)) / 40, x), to(from[1] + (by[1] * (y.high - y.low)) / 40, y)]);
  };
  return html`<div class="plot-room" ref=${room}>
    ${width > 0 && html`<svg class="plot-plane" width=${box.width} height=${height} role="img" tabindex="0" aria-label=${label}
      onPointerMove=${point} onPointerDown=${point} onPointerLeave=${() => onPointed(null)} onClick=${pick} onKeyDown=${read1}>
      ${ground}
      <${Axes} x=${x} y=${y} width=${box.width} height=${height} across=${read.across} up=${read.up} over=${read.grid !== null} />
      <rect class="frame" x=${MARGIN.left} y=${MARGIN.top} width=${box.width - MARGIN.left - MARGIN.right} height=${height - MARGIN.top - MARGIN.foot} />
      <svg x=${MARGIN.left} y=${MARGIN.top} width=${box.width - MARGIN.left - MARGIN.right} height=${height - MARGIN.top - MARGIN.foot}
        viewBox=${`${MARGIN.left} ${MARGIN.top} ${box.width - MARGIN.left - MARGIN.right} ${height - MARGIN.top - MARGIN.foot}`}>
        <${Lines} read=${read} box=${box} />
        ${ways.map((way, n) => hidden.has(n) || html`<${Way} key=${n} n=${n} way=${way} upTo=${at[n]} />`)}
        ${read.points.map((each, n) => html`<circle key=${n} class=${each.many ? "dot many" : each.main ? "dot main" : "dot"} cx=${x.place(each.x)} cy=${y.place(each.y)} r=${each.many ? 2.2 : 4} />`)}
      </svg>
      ${ways.map((way, n) => hidden.has(n) || (inside(way.xs[at[n]], way.ys[at[n]], box) && html`<${Mark} key=${n} n=${n} x=${way.xs[at[n]]} y=${way.ys[at[n]]} />`))}
      <${Names} names=${names} />
      ${meant >= 0 && html`<${Names} names=${beside([{ ...inPixels(read.points[meant], box), text: read.points[meant].label, main: true }], [], edges(box))} />`}
      ${pointed && html`<path class="hair" d=${`M${x.place(pointed[0])} ${MARGIN.top}V${height - MARGIN.foot}M${MARGIN.left} ${y.place(pointed[1])}H${box.width - MARGIN.right}`} />`}
    </svg>`}
    ${bands && bands.levels.length > 0 && html`<${Scale} bands=${bands} label=${read.label} />`}
  </div>`;
}

/** Both axes to the same scale where that is possible: right angles stay right. @param {Read} read @param {number} width @returns {Box} */
function boxOf({ x, y }, width) {
  const [across, up] = [span(x), span(y)];
  const ratio = (up[1] - up[0]) / (across[1] - across[0]);
  const room = Math.max(60, width - MARGIN.left - MARGIN.right);
  const same = ratio < ALIKE && ratio > 1 / ALIKE;
  const tall = Math.min(TALLEST, same ? room * ratio : room * 0.7);
  const wide = same ? Math.min(room, tall / ratio) : room;
  const [w, h] = [Math.round(wide + MARGIN.left + MARGIN.right), Math.round(tall + MARGIN.top + MARGIN.foot)];
  return {
    width: w, height: h,
    x: axis(across, [MARGIN.left, w - MARGIN.right], { about: Math.max(3, wide / 80) }),
    y: axis(up, [h - MARGIN.foot, MARGIN.top], { about: Math.max(3, tall / 60) }),
  };
}

/** @param {number} x @param {number} y @param {Box} box */
const inside = (x, y, box) => x >= MARGIN.left - 1 && x <= box.width - MARGIN.right + 1 && y >= MARGIN.top - 1 && y <= box.height - MARGIN.foot + 1;

/** @param {{ d3: any, grid: Read["grid"], bands: Bands | null, box: Box }} props bands of colour with lines between them */
function Ground({ d3, grid, bands, box }) {
  if (!d3 || !grid || !bands) return null;
  const { x, y } = box;
  const place = (/** @type {number[]} */ samples, /** @type {number} */ at) => {
    const where = Math.min(samples.length - 1, Math.max(0, at - 0.5)); // d3 counts from the edge of a sample
    const low = Math.min(Math.floor(where), samples.length - 2);
    return samples[low] + (samples[low + 1] - samples[low]) * (where - low);
  };
  const ring = (/** @type {[number, number][]} */ points) =>
    `M${points.map(([cx, cy]) => `${x.place(place(grid.x, cx)).toFixed(1)} ${y.place(place(grid.y, cy)).toFixed(1)}`).join("L")}Z`;
  const found = d3.contours().size([grid.x.length, grid.y.length]).thresholds(bands.levels)(grid.flat);
  return html`<g class="ground">
    <rect x=${MARGIN.left} y=${MARGIN.top} width=${box.width - MARGIN.left - MARGIN.right} height=${box.height - MARGIN.top - MARGIN.foot} style=${{ fill: fill(bands, 0) }} />
    ${found.map((/** @type {any} */ each, /** @type {number} */ n) => html`<path key=${each.value} class=${each.value === 0 && bands.signed ? "zero" : ""} data-level=${each.value}
      d=${each.coordinates.flatMap((/** @type {any} */ polygon) => polygon.map(ring)).join("")} style=${{ fill: fill(bands, n + 1) }} />`)}
  </g>`;
}

/** A path in pixels; pieces: of the way, written once, since it is put together anew at every step. @typedef {{ xs: number[], ys: number[], pieces: string[] }} Placed */

/** @param {[number, number][]} points @param {Box} box @returns {Placed} */
function placedIn(points, { x, y }) {
  const [xs, ys] = [points.map((point) => x.place(point[0])), points.map((point) => y.place(point[1]))];
  const there = (/** @type {number} */ k) => Number.isFinite(xs[k]) && Number.isFinite(ys[k]);
  return { xs, ys, pieces: points.map((_, k) => (there(k) ? `${k && there(k - 1) ? "L" : "M"}${xs[k].toFixed(1)} ${ys[k].toFixed(1)}` : "")) };
}

/** @param {{ n: number, way: Placed, upTo: number }} props what is walked in full, what is to come pale */
function Way({ n, way, upTo }) {
  const rest = way.pieces.slice(upTo).join("").replace(/^L/, "M");
  const walked = way.pieces.slice(0, upTo + 1).join("");
  const line = drawn(n);
  return html`<g class="way">
    <path class="to-come" d=${rest} ...${line} />
    ${way.xs.length <= LONG && html`<path class="halo" d=${walked} />`}
    <path class="walked" d=${walked} ...${line} />
    ${way.xs.length <= MARKED && html`<path class="steps" d=${way.pieces.slice(0, upTo + 1).map((piece) => piece && `M${piece.slice(1)}h0`).join("")} style=${line.style} />`}
  </g>`;
}

/** @param {{ read: Read, box: Box }} props */
const Lines = ({ read, box: { x, y } }) => html`<g class="straight">
  ${read.lines.map((line, n) => {
    const ends = clipped(line, [x.low, x.high], [y.low, y.high]);
    return ends && html`<path key=${n} d=${pathOf(ends.map((end) => x.place(end[0])), ends.map((end) => y.place(end[1])))} ...${drawn(read.paths.length + n)} />`;
  })}
  ${read.curves.map((curve, n) => html`<path key=${`c${n}`} d=${pathOf(curve.points.map((each) => x.place(each[0])), curve.points.map((each) => y.place(each[1])))} ...${drawn(read.paths.length + read.lines.length + n)} />`)}
</g>`;

/** @param {{ x: number, y: number }} point @param {Box} box */
const inPixels = (point, box) => ({ x: box.x.place(point.x), y: box.y.place(point.y) });

/** @param {Box} box @returns {import("#studio/look/plots/beside.js").Box} where names may stand: not over the numbers of the axis */
const edges = (box) => ({ left: MARGIN.left, right: box.width, top: MARGIN.top - 6, foot: box.height - MARGIN.foot + 2 });

/** @param {Read} read @param {Box} box @returns {Parameters<typeof beside>} the names of points and lines, the points that they must not cover, where they may stand */
function labels(read, box) {
  const { x, y } = box;
  const seen = read.points.filter((each) => inside(x.place(each.x), y.place(each.y), box));
  const points = seen.filter((each) => !each.many).map((each) => ({ ...inPixels(each, box), text: each.label, main: each.main }));
  const onPage = (/** @type {[number, number][]} */ way) => way.map(([px, py]) => /** @type {[number, number]} */ ([x.place(px), y.place(py)]));
  const ways = [
    ...read.lines.map((line) => ({ text: line.label, way: onPage(clipped(line, [x.low, x.high], [y.low, y.high]) ?? []) })),
    ...read.curves.map((curve) => ({ text: curve.label, way: onPage(curve.points).filter(([px, py]) => inside(px, py, box)) })),
  ];
  const lines = ways.filter(({ way }) => way.length > 1).map(({ text, way }) => ({ ...besideEnd(text, way[0][0] > way[1][0] ? [...way].reverse() : way, box), fixed: true }));
  return [[...apart(lines), ...points], points, edges(box)];
}

/** The name of a line at its right end: above a flat one, to the left of a steep one. @param {string} text @param {[number, number][]} way rising in x @param {Box} box */
function besideEnd(text, way, box) {
  const [[ax, ay], [bx, by]] = way.slice(-2);
  const slope = (by - ay) / (bx - ax || 1e-9); // of pixels: downwards
  const y = Math.min(Math.max(by, MARGIN.top + 16), box.height - MARGIN.foot - 6);
  if (Math.abs(slope) > 1) return { x: bx + Math.min((y - by) / slope, (y - 12 - by) / slope) - 7, y, text, side: /** @type {const} */ ("end") };
  const long = textWidth(text);
  return { x: bx - 6, y: Math.max(MARGIN.top + 12, Math.min(by, by - slope * long) - 7), text, side: /** @type {const} */ ("end") };
}

/** @param {{ bands: Bands, label: string }} props which colour is which value */
const Scale = ({ bands, label }) => {
  const all = bands.levels.length;
  const every = Math.max(1, Math.ceil(all / 5));
  return html`<div class="plot-scale" aria-hidden="true">
    <span class="fine">${label}</span>
    <div class="bands">${[...bands.levels, NaN].map((level, n) => html`<i key=${n} style=${{ background: fill(bands, n) }}>${n < all && (n % every === 0) && html`<span>${brief(level)}</span>`}</i>`)}</div>
  </div>`;
};

/** Names at the ends of lines, one below another where they meet. @template {{ x: number, y: number }} T @param {T[]} names @returns {T[]} */
function apart(names) {
  const rows = [...names].sort((a, b) => a.y - b.y).map((each) => ({ ...each, y: Math.max(each.y, MARGIN.top + 10) }));
  rows.forEach((row, n) => {
    for (const other of rows.slice(0, n)) if (Math.abs(other.x - row.x) < 90 && row.y - other.y < 14) row.y = other.y + 14;
  });
  return rows;
}

/** @param {import("#studio/look/plots/read.js").Dot[]} dots @param {Box} box @param {number} px @param {number} py @returns {{ x: number, y: number } | null} the point with a name that is meant */
function nearestDot(dots, { x, y }, px, py) {
  let [found, least] = [/** @type {{ x: number, y: number } | null} */ (null), NEAR * NEAR];
  for (const dot of dots) {
    const far = dot.many ? Infinity : (x.place(dot.x) - px) ** 2 + (y.place(dot.y) - py) ** 2;
    if (far < least) [found, least] = [dot, far];
  }
  return found;
}

/** @param {{ xs: number[], ys: number[] }[]} ways @param {Set<number>} hidden @param {number} x @param {number} y in pixels */
function nearestStep(ways, hidden, x, y) {
  let [found, least] = [/** @type {{ path: number, place: number } | null} */ (null), NEAR * NEAR];
  ways.forEach(({ xs, ys }, path) => {
    if (hidden.has(path)) return;
    for (let place = 0; place < xs.length; place++) {
      const far = (xs[place] - x) ** 2 + (ys[place] - y) ** 2;
      if (far < least) [found, least] = [{ path, place }, far];
    }
  });
  return found;
}
