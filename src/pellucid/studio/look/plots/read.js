// @ts-check
// What `trace.meta.plots` asks to be drawn, as plain numbers of the trace: curves, grids, paths, points, straight lines.
import { called, current, namedSteps, numbers, said } from "#studio/look/plots/numbers.js";
import { find } from "#studio/look/shown.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */
/** @typedef {import("#studio/look/plots/numbers.js").Moment} Moment */
/** @typedef {import("#studio/look/plots/numbers.js").Numbers} Numbers */
/** @typedef {import("#studio/look/plots/numbers.js").Label} Label */
/**
 * @typedef {{ kind: "line" | "plane", node?: string, x?: string, y?: string, label?: Label, title?: Label,
 *   lines?: { node: string, x?: string, label?: Label }[], paths?: { node: string, start?: string, label?: Label }[],
 *   points?: { node?: string, x?: number | string, y?: number | string, label?: Label }[], named?: number }} Plot as a room writes it; named: of how many points, the first, it is about
 */
/** @typedef {{ label: string, x: number[], y: number[] }} Curve */
/** @typedef {{ label: string, points: [number, number][], steps: number[] | null }} Path */
/** many, first: one of several with one label; main: what the plot is about. @typedef {{ label: string, x: number, y: number, many: boolean, first: boolean, main: boolean }} Dot */
/** a x + b y = c. @typedef {{ label: string, a: number, b: number, c: number }} Straight */

/**
 * Curves over an axis. Where that axis is the steps, `steps` says which each place is.
 * @param {Trace} trace @param {Plot} plot @param {Moment | null} moment @param {(axis: string) => string} title
 * @returns {{ curves: Curve[], steps: number[] | null, named: boolean, moves: boolean, paths: Path[], points: Dot[] } | null}
 * named: whether steps are as they are called; moves: whether the curve is another one at each step
 */
export function readLine(trace, plot, moment, title) {
  const main = numbers(trace, plot.node);
  if (!main) return null;
  const over = numbers(trace, plot.x);
  const overSteps = (main.steps !== null && main.shape.length === 1) || !over || /step|epoch|iteration/i.test(plot.x ?? "");
  const curve = (/** @type {{ node?: string, x?: string, label?: Label }} */ each) => {
    const found = numbers(trace, each.node);
    if (!found) return null;
    const mine = overSteps ? found : current(found, moment);
    const x = numbers(trace, each.x ?? plot.x)?.flat ?? (found.steps && overSteps ? namedSteps(trace, /** @type {Shown} */ (find(trace, each.node ?? ""))) : mine.flat.map((_, n) => n));
    return { label: said(each.label) || called(trace, each.node, title), x: x.slice(0, mine.flat.length), y: mine.flat };
  };
  const curves = [{ node: plot.node, label: plot.label }, ...(plot.lines ?? [])].map(curve).filter((each) => each !== null);
  const steps = overSteps ? (main.steps ?? curves[0].x) : null;
  const onCurve = (/** @type {number} */ x) => between(curves[0].x, curves[0].y, x);
  return { curves, steps, named: main.steps === null, moves: !overSteps && main.steps !== null, paths: paths(trace, plot, title, onCurve), points: dots(trace, plot, moment, title) };
}

/** @param {number[]} xs @param {number[]} ys @param {number} x @returns {number} on the curve, between the two samples around */
function between(xs, ys, x) {
  const right = xs.findIndex((each) => each >= x);
  if (right <= 0) return right === 0 && xs[0] === x ? ys[0] : NaN;
  const share = (x - xs[right - 1]) / (xs[right] - xs[right - 1]);
  return ys[right - 1] * (1 - share) + ys[right] * share;
}

/**
 * Values over a plane, and what lies in it. A matrix is read as [y, x], unless its shape or its axes say [x, y].
 * @param {Trace} trace @param {Plot} plot @param {Moment | null} moment @param {(axis: string) => string} title
 */
export function readPlane(trace, plot, moment, title) {
  const [x, y] = [numbers(trace, plot.x)?.flat, numbers(trace, plot.y)?.flat];
  if (!x?.length || !y?.length) return null;
  const found = numbers(trace, plot.node);
  const values = found && current(found, moment);
  const fits = values !== null && values.flat.length === x.length * y.length;
  return {
    x, y,
    grid: fits ? gridOf(values.flat, x, y, columnsFirst(trace, plot, values.shape, x.length, y.length)) : null,
    label: said(plot.label) || called(trace, plot.node, title),
    across: called(trace, plot.x, title),
    up: called(trace, plot.y, title),
    paths: paths(trace, plot, title),
    points: dots(trace, plot, moment, title),
    lines: (plot.lines ?? []).flatMap((each) => straights(trace, each, moment, title)),
    curves: (plot.lines ?? []).flatMap((each) => polylines(trace, each, moment, title, x)),
  };
}

/** @typedef {{ x: number[], y: number[], at: (column: number, row: number) => number, flat: number[] }} Grid flat: row by row of y */

/** @type {WeakMap<number[], Grid>} */
const grids = new WeakMap();

/** @param {number[]} values @param {number[]} x @param {number[]} y @param {boolean} turned @returns {Grid} the same one for the same numbers */
function gridOf(values, x, y, turned) {
  const known = grids.get(values);
  if (known?.x === x && known.y === y) return known;
  const flat = turned ? y.flatMap((_, row) => x.map((_, column) => values[column * y.length + row])) : values;
  const grid = { x, y, at: (/** @type {number} */ column, /** @type {number} */ row) => flat[row * x.length + column], flat };
  grids.set(values, grid);
  return grid;
}

/** @param {Trace} trace @param {Plot} plot @param {number[]} shape @param {number} width @param {number} height */
function columnsFirst(trace, plot, shape, width, height) {
  if (shape.length !== 2) return false;
  if (width !== height) return shape[0] === width;
  const [first] = find(trace, plot.node ?? "")?.values[0].axes?.slice(-2) ?? [];
  const [across] = find(trace, plot.x ?? "")?.values[0].axes?.slice(-1) ?? [];
  return first !== undefined && first === across;
}

/**
 * Paths of points: [steps, 2], or, on a curve, [steps] of its x.
 * @param {Trace} trace @param {Plot} plot @param {(axis: string) => string} title @param {(x: number) => number} [onCurve] @returns {Path[]}
 */
function paths(trace, plot, title, onCurve) {
  return (plot.paths ?? []).flatMap((each) => {
    const found = numbers(trace, each.node);
    if (!found) return [];
    const { shape, flat } = found;
    const label = said(each.label) || called(trace, each.node, title);
    const start = numbers(trace, each.start)?.flat;
    const steps = found.steps && (start ? [found.steps[0] - 1, ...found.steps] : found.steps);
    if (shape.at(-1) === 2 && shape.length === 2) return [{ label, points: pointsOf(flat, start ?? null), steps }];
    if (shape.length !== 1 || !onCurve) return [];
    return [{ label, points: (start ? [...start, ...flat] : flat).map((x) => /** @type {[number, number]} */ ([x, onCurve(x)])), steps }];
  });
}

/** @type {WeakMap<number[], { start: number[] | null, points: [number, number][] }>} */
const known = new WeakMap();

/** @param {number[]} flat @param {number[] | null} start @returns {[number, number][]} the same list for the same numbers */
function pointsOf(flat, start) {
  const before = known.get(flat);
  if (before?.start === start) return before.points;
  const points = pairs(start ? [...start, ...flat] : flat);
  known.set(flat, { start, points });
  return points;
}

/** @param {number[]} flat @returns {[number, number][]} */
const pairs = (flat) => Array.from({ length: flat.length >> 1 }, (_, n) => [flat[2 * n], flat[2 * n + 1]]);

/** @param {Trace} trace @param {Plot} plot @param {Moment | null} moment @param {(axis: string) => string} title @returns {Dot[]} */
function dots(trace, plot, moment, title) {
  return (plot.points ?? []).flatMap((each, at) => {
    const label = said(each.label) || called(trace, each.node, title);
    const [xs, ys] = each.node ? unzipped(here(trace, each.node, moment)) : [side(trace, each.x, moment), side(trace, each.y, moment)];
    return xs.slice(0, ys.length).map((x, n) => ({ label, many: xs.length > 1, x, y: ys[n], first: n === 0, main: at < (plot.named ?? 0) }));
  });
}

/** @param {Trace} trace @param {string | undefined} name @param {Moment | null} moment @returns {number[]} its numbers at the step that is open */
function here(trace, name, moment) {
  const found = numbers(trace, name);
  return found ? current(found, moment).flat : [];
}

/** @param {Trace} trace @param {number | string | undefined} one a number, or the name of numbers @param {Moment | null} moment @returns {number[]} */
const side = (trace, one, moment) => (typeof one === "number" ? [one] : here(trace, one, moment));

/** @param {number[]} flat @returns {[number[], number[]]} */
const unzipped = (flat) => [pairs(flat).map(([x]) => x), pairs(flat).map(([, y]) => y)];

/**
 * Straight lines a x + b y = c: [3] holds [a, b, c]; [2, 2] two points of one; or several as rows of [m, 3]; in a series, those of the step that is open.
 * @param {Trace} trace @param {{ node: string, label?: Label }} line @param {Moment | null} moment @param {(axis: string) => string} title
 * @returns {Straight[]}
 */
function straights(trace, line, moment, title) {
  const found = numbers(trace, line.node);
  if (!found) return [];
  const { shape, flat } = current(found, moment);
  const label = said(line.label) || called(trace, line.node, title);
  if (shape.join() === "2,2") {
    const [x0, y0, x1, y1] = flat;
    return [{ label, a: y0 - y1, b: x1 - x0, c: x1 * y0 - x0 * y1 }];
  }
  if (shape.at(-1) !== 3) return [];
  const several = flat.length > 3;
  return Array.from({ length: flat.length / 3 }, (_, n) => ({
    label: several ? `${label} ${n + 1}` : label, a: flat[3 * n], b: flat[3 * n + 1], c: flat[3 * n + 2],
  }));
}

/**
 * Lines through points: [n, 2], or the y over each x of the plane.
 * @param {Trace} trace @param {{ node: string, label?: Label }} line @param {Moment | null} moment @param {(axis: string) => string} title @param {number[]} xs
 * @returns {{ label: string, points: [number, number][] }[]}
 */
function polylines(trace, line, moment, title, xs) {
  const found = numbers(trace, line.node);
  if (!found) return [];
  const { shape, flat } = current(found, moment);
  const label = said(line.label) || called(trace, line.node, title);
  if (shape.length === 2 && shape[1] === 2) return shape[0] > 2 ? [{ label, points: pairs(flat) }] : [];
  return shape.length === 1 && flat.length === xs.length && flat.length !== 3 ? [{ label, points: xs.map((x, n) => [x, flat[n]]) }] : [];
}

/**
 * Where a straight line crosses a box.
 * @param {Straight} line @param {[number, number]} across @param {[number, number]} up @returns {[[number, number], [number, number]] | null}
 */
export function clipped({ a, b, c }, [x0, x1], [y0, y1]) {
  const room = 1e-9 * (Math.abs(x1 - x0) + Math.abs(y1 - y0));
  /** @type {[number, number][]} */
  const crossings = [];
  const add = (/** @type {number} */ x, /** @type {number} */ y) => {
    const inside = x >= x0 - room && x <= x1 + room && y >= y0 - room && y <= y1 + room;
    if (inside && !crossings.some(([p, q]) => Math.hypot(p - x, q - y) <= room)) crossings.push([x, y]);
  };
  if (b) for (const x of [x0, x1]) add(x, (c - a * x) / b);
  if (a) for (const y of [y0, y1]) add((c - b * y) / a, y);
  return crossings.length > 1 ? [crossings[0], crossings[1]] : null;
}
