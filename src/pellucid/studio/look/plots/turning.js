// @ts-check
// A plane as a surface in space on a canvas: turned by dragging or by the arrow keys, the paths lie on it.
import { fill } from "#studio/look/plots/bands.js";
import { colours } from "#studio/look/plots/colours.js";
import { MARK, t } from "#studio/look/plots/frame.js";
import { brief, leastPositive, span } from "#studio/look/plots/scale.js";
import { shape, stroke } from "#studio/look/plots/strokes.js";
import { heightAt, painted, projection, thinned, turned } from "#studio/look/plots/surface.js";
import { ticks } from "#studio/look/colour.js";
import { fresh, usePalette, useSize } from "#studio/look/views/theme.js";
import { html, useLayoutEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/plots/plane.js").Read} Read */
/** @typedef {import("#studio/look/plots/bands.js").Bands} Bands */
/** @typedef {[across: number, up: number, away: number]} Seen */
/** @typedef {{ away: number, corners: Seen[], value?: number, path?: number, walked?: boolean }} Piece a face of the surface or a piece of a path */

const START = { turn: -32, tilt: 46 };
const KEYS = 6; // degrees a key
const TALL = 0.62; // height of the surface by its width
const LIFT = 0.012; // of a path above the faces it lies on
const EDGE = 32; // room for the ticks around it
const FINE = 1.5; // pixels below which a piece of a path is not drawn by itself
const NEAR = 22;
const THROUGH = 0.25; // how clearly a path is seen where the surface hides it

/**
 * @param {{ read: Read, bands: Bands, at: number[], hidden: Set<number>, label: string, pointed: [number, number] | null,
 *   onPointed: (at: [number, number] | null) => void }} props
 */
export function Surface({ read, bands, at, hidden, label, pointed, onPointed }) {
  const [room, width] = useSize();
  const [view, setView] = useState(START);
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const drag = useRef(/** @type {{ x: number, y: number } | null} */ (null));
  const palette = usePalette();
  const height = Math.round(Math.min(470, Math.max(260, width * 0.78)));
  const space = useMemo(() => spaceOf(read, bands), [read, bands]);
  const camera = useMemo(() => cameraOf(view, space.radius, width, height), [view, space, width, height]);
  const vertices = useMemo(() => seenVertices(space, camera), [space, camera]);
  const ways = useMemo(() => read.paths.map(({ points }) => points.map(space.on)), [read.paths.length, ...read.paths.map(({ points }) => points), space]);
  useLayoutEffect(() => {
    const context = width > 0 ? fresh(canvas.current, width, height) : null;
    if (context && canvas.current) draw(context, { read, bands, space, camera, vertices, ways, at, hidden, pointed, colour: colours(canvas.current) });
  }, [read, space, camera, at.join(), hidden, pointed, palette]);
  const down = (/** @type {PointerEvent} */ event) => {
    drag.current = { x: event.clientX, y: event.clientY };
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    onPointed(null);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    if (!drag.current) return onPointed(vertexAt(vertices, event));
    const [dx, dy] = [event.clientX - drag.current.x, event.clientY - drag.current.y];
    drag.current = { x: event.clientX, y: event.clientY };
    setView((before) => turned(before, -dx * 0.45, dy * 0.45));
  };
  const up = () => (drag.current = null);
  const key = (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowLeft: [KEYS, 0], ArrowRight: [-KEYS, 0], ArrowUp: [0, KEYS], ArrowDown: [0, -KEYS] }[event.key];
    if ((!by && event.key !== "0") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setView((before) => (by ? turned(before, by[0], by[1]) : START));
  };
  return html`<div class="plot-room" ref=${room}>
    ${width > 0 && html`<canvas ref=${canvas} class="plot-surface" role="img" tabindex="0" aria-label=${`${label} ${t("turned", { turn: Math.round(view.turn), tilt: Math.round(view.tilt) })}`}
      style=${{ width: `${width}px`, height: `${height}px` }} onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerCancel=${up}
      onPointerLeave=${() => onPointed(null)} onKeyDown=${key}></canvas>`}
  </div>`;
}

/** Numbers of the plane into a cube around the origin. @param {Read} read @param {Bands} bands */
function spaceOf({ grid, x, y }, { log, low, high }) {
  const found = /** @type {NonNullable<Read["grid"]>} */ (grid);
  const [xs, ys] = [span(x), span(y)];
  const least = log ? leastPositive(found.flat) : low;
  const up = (/** @type {number} */ v) => (log ? Math.log(Math.max(v, least) / least) / Math.log(high / least) : (v - low) / (high - low || 1));
  const ratio = (ys[1] - ys[0]) / (xs[1] - xs[0]);
  const deep = ratio > 1 / 3 && ratio < 3 ? ratio : 1;
  const size = Math.max(1, deep);
  const [px, py, pz] = [
    (/** @type {number} */ v) => ((v - xs[0]) / (xs[1] - xs[0]) - 0.5) / size,
    (/** @type {number} */ v) => (((v - ys[0]) / (ys[1] - ys[0]) - 0.5) * deep) / size,
    (/** @type {number} */ v) => (up(v) - 0.5) * TALL,
  ];
  return {
    radius: Math.hypot(0.5, 0.5 * deep) / size,
    grid: found, xs, ys, columns: thinned(x.length), rows: thinned(y.length),
    x: px, y: py, z: pz,
    on: (/** @type {[number, number]} */ [x, y]) => /** @type {[number, number, number]} */ ([px(x), py(y), pz(heightAt(found, x, y)) + LIFT]),
  };
}

/** @param {import("#studio/look/plots/surface.js").View} view @param {number} radius of the floor's corners: the size stays the same while it is turned @param {number} width @param {number} height */
function cameraOf(view, radius, width, height) {
  const seen = projection(view);
  const tilt = (view.tilt * Math.PI) / 180;
  const scale = Math.min((width / 2 - EDGE) / radius, (height / 2 - EDGE / 2) / (radius * Math.sin(tilt) + (TALL / 2) * Math.cos(tilt)));
  return (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ z) => {
    const [across, up, away] = seen(x, y, z);
    return /** @type {Seen} */ ([width / 2 + across * scale, height * 0.5 - up * scale, away]);
  };
}

/** @param {ReturnType<typeof spaceOf>} space @param {ReturnType<typeof cameraOf>} camera */
const seenVertices = (space, camera) =>
  space.rows.map((row) => space.columns.map((column) => {
    const value = space.grid.at(column, row);
    const [x, y] = [space.grid.x[column], space.grid.y[row]];
    return { x, y, value, seen: camera(space.x(x), space.y(y), space.z(value)) };
  }));

/** @param {ReturnType<typeof seenVertices>} vertices @param {PointerEvent} event @returns {[number, number] | null} the nearest to the reader under the pointer */
function vertexAt(vertices, event) {
  const area = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  const [px, py] = [event.clientX - area.left, event.clientY - area.top];
  let [found, least] = [/** @type {[number, number] | null} */ (null), Infinity];
  for (const { x, y, seen } of vertices.flat()) {
    const far = Math.hypot(seen[0] - px, seen[1] - py);
    const cost = far + 40 * seen[2];
    if (far < NEAR && cost < least) [found, least] = [[x, y], cost];
  }
  return found;
}

/** @param {CanvasRenderingContext2D} context @param {any} picture everything that is drawn */
function draw(context, { read, bands, space, camera, vertices, ways: placed, at, hidden, pointed, colour }) {
  floor(context, { read, space, camera, colour });
  /** @type {Piece[]} */
  const pieces = [];
  for (let row = 1; row < vertices.length; row++)
    for (let column = 1; column < vertices[row].length; column++) {
      const corners = [vertices[row - 1][column - 1], vertices[row - 1][column], vertices[row][column], vertices[row][column - 1]];
      const value = corners.reduce((sum, corner) => sum + corner.value / 4, 0);
      if (Number.isFinite(value)) pieces.push({ away: corners.reduce((sum, corner) => sum + corner.seen[2] / 4, 0), corners: corners.map(({ seen }) => seen), value });
    }
  const ways = placed.map((/** @type {[number, number, number][]} */ way) => way.map((point) => camera(...point)));
  ways.forEach((/** @type {Seen[]} */ way, /** @type {number} */ path) => {
    if (hidden.has(path)) return;
    let from = 0;
    for (let k = 1; k < way.length; k++) {
      const corners = [way[from], way[k]];
      const near = Math.hypot(corners[1][0] - corners[0][0], corners[1][1] - corners[0][1]) < FINE;
      if (near && k !== at[path] && k < way.length - 1) continue; // too short to be seen
      from = k;
      if (corners.every((corner) => Number.isFinite(corner[1]))) pieces.push({ away: (corners[0][2] + corners[1][2]) / 2 - 0.03, corners, path, walked: k <= at[path] });
    }
  });
  const shades = [...bands.levels, NaN].map((_, band) => colour(fill(bands, band)));
  const grid = colour("color-mix(in srgb, var(--ink) 16%, transparent)");
  for (const piece of painted(pieces)) piece.path === undefined ? face(context, piece, bands, shades, grid) : part(context, piece, colour, piece.walked ? 1 : 0.3);
  for (const piece of pieces) if (piece.walked) part(context, piece, colour, THROUGH);
  ways.forEach((/** @type {Seen[]} */ way, /** @type {number} */ n) => {
    const here = way[at[n]];
    if (hidden.has(n) || !here || !Number.isFinite(here[1])) return;
    context.setTransform(context.getTransform().translate(here[0], here[1]));
    const path = new Path2D(shape(stroke(n).shape, MARK));
    context.fillStyle = colour(stroke(n).colour);
    context.strokeStyle = colour("sheet");
    context.lineWidth = 1.5;
    context.fill(path);
    context.stroke(path);
    context.setTransform(context.getTransform().translate(-here[0], -here[1]));
  });
  for (const each of read.points) mark(context, camera(...space.on([each.x, each.y])), each.many ? "" : each.label, colour);
  if (pointed) mark(context, camera(...space.on(pointed)), "", colour);
}

/** @param {CanvasRenderingContext2D} context @param {Piece} piece @param {Bands} bands @param {string[]} shades of the bands @param {string} grid colour of its edges */
function face(context, { corners, value }, bands, shades, grid) {
  const band = bands.levels.findIndex((level) => level > /** @type {number} */ (value));
  context.beginPath();
  context.moveTo(corners[0][0], corners[0][1]);
  for (let k = 1; k < corners.length; k++) context.lineTo(corners[k][0], corners[k][1]);
  context.closePath();
  context.fillStyle = shades[band < 0 ? shades.length - 1 : band];
  context.strokeStyle = grid;
  context.lineWidth = 0.6;
  context.fill();
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Piece} piece @param {(name: string) => string} colour @param {number} alpha */
function part(context, { corners: [from, to], path, walked }, colour, alpha) {
  context.strokeStyle = colour(stroke(/** @type {number} */ (path)).colour);
  context.globalAlpha = alpha;
  context.lineWidth = walked ? 2.4 : 1.4;
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(from[0], from[1]);
  context.lineTo(to[0], to[1]);
  context.stroke();
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Seen} at @param {string} label @param {(name: string) => string} colour */
function mark(context, [x, y], label, colour) {
  if (!Number.isFinite(y)) return;
  context.beginPath();
  context.arc(x, y, 4, 0, 7);
  context.fillStyle = colour("sheet");
  context.strokeStyle = colour("ink");
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  context.textAlign = "left";
  context.lineWidth = 3;
  context.strokeStyle = colour("sheet");
  context.strokeText(label, x + 8, y - 7);
  context.fillStyle = colour("ink");
  context.fillText(label, x + 8, y - 7);
}

/** The floor with its ticks along the two nearer edges. @param {CanvasRenderingContext2D} context @param {any} picture */
function floor(context, { read, space, camera, colour }) {
  const base = -TALL / 2;
  const { xs, ys } = space;
  const spot = (/** @type {number} */ x, /** @type {number} */ y) => camera(space.x(x), space.y(y), base);
  const nearY = spot(xs[0], ys[0])[2] + spot(xs[1], ys[0])[2] < spot(xs[0], ys[1])[2] + spot(xs[1], ys[1])[2] ? ys[0] : ys[1];
  const nearX = spot(xs[0], ys[0])[2] + spot(xs[0], ys[1])[2] < spot(xs[1], ys[0])[2] + spot(xs[1], ys[1])[2] ? xs[0] : xs[1];
  const middle = spot((xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2);
  const outside = (/** @type {Seen} */ at, /** @type {number} */ far) => {
    const [dx, dy] = [at[0] - middle[0], at[1] - middle[1]];
    const size = Math.hypot(dx, dy) || 1;
    return [at[0] + (dx / size) * far, at[1] + (dy / size) * far];
  };
  context.font = `11px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  context.strokeStyle = colour("line-2");
  const line = (/** @type {Seen[]} */ points) => {
    context.beginPath();
    points.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
  };
  for (const x of ticks(xs[0], xs[1], 4)) line([spot(x, ys[0]), spot(x, ys[1])]);
  for (const y of ticks(ys[0], ys[1], 4)) line([spot(xs[0], y), spot(xs[1], y)]);
  line([spot(xs[0], ys[0]), spot(xs[1], ys[0]), spot(xs[1], ys[1]), spot(xs[0], ys[1]), spot(xs[0], ys[0])]);
  const write = (/** @type {Seen} */ at, /** @type {string} */ text, /** @type {number} */ far, /** @type {string} */ ink) => {
    const [x, y] = outside(at, far);
    context.fillStyle = colour(ink);
    context.fillText(text, x, y);
  };
  for (const x of ticks(xs[0], xs[1], 4)) write(spot(x, nearY), brief(x), 14, "ink-2");
  for (const y of ticks(ys[0], ys[1], 4)) write(spot(nearX, y), brief(y), 14, "ink-2");
  write(spot((xs[0] + xs[1]) / 2, nearY), read.across, 34, "ink");
  write(spot(nearX, (ys[0] + ys[1]) / 2), read.up, 34, "ink");
}
