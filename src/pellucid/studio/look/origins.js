// @ts-check
// Where a number came from and where it goes, without drawing: the cells that it was computed from, those that it fed.
import { oneStep, origin, producerOf, written } from "#studio/look/cell.js";
import { back, called, find, isImage, place } from "#studio/look/shown.js";
import { geometry, goesInto } from "#studio/look/seen.js";
import { Missing } from "#studio/look/tensor.js";
import { withoutStep } from "#studio/look/trace.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */
/** @typedef {{ name: string, title: string, shown: Shown, cells: number[][] }} Group the lit cells of one source */

const MOST_LINES = 40; // rows and columns of an excerpt
const MOST_CELLS = 5000; // of a picture whose cells are searched for who used a number
const MOST_USERS = 8;
const MOST_FOLLOWED = 400; // nodes, on the way to named users

/** @param {Trace} trace @param {string} id the name of a value as a person says it */
export function nameOf(trace, id) {
  const producer = producerOf(trace, id);
  return called(trace, producer?.name ?? trace.values.get(id)?.name ?? id, producer);
}

/**
 * The cells that a cell was computed from, by the tensor that they lie in; the parts of a sum of products go one level
 * further, so that a gate shows the word and the memory behind it.
 * @param {Trace} trace @param {Shown} shown @param {number[]} index @returns {Group[]}
 */
export function groups(trace, shown, index) {
  const { which, index: inside } = place(shown, index);
  const node = shown.nodes[which];
  const found = node && written(trace, node, inside);
  if (!found) return [];
  /** @type {Map<string, Group>} */
  const all = new Map();
  /** @type {Map<string, Group | null>} */
  const byValue = new Map();
  /** @param {string} value @returns {Group | null} */
  const groupOf = (value) => {
    const name = withoutStep(producerOf(trace, value)?.name ?? trace.values.get(value)?.name ?? "");
    const source = find(trace, name);
    if (!source?.order.has(value)) return null;
    const group = all.get(name) ?? { name, title: nameOf(trace, value), shown: source, cells: [] };
    all.set(name, group);
    return group;
  };
  /** @param {import("#studio/look/cell.js").Cell} cell */
  const add = ({ value, index }) => {
    let group = byValue.get(value);
    if (group === undefined) byValue.set(value, (group = groupOf(value)));
    group?.cells.push(back(group.shown, group.shown.order.get(value) ?? 0, index));
  };
  const from = origin(trace, { value: shown.values[which].id, index: inside });
  if (from.value !== shown.values[which].id && !isImage(shown) && fromImage(trace, from.value)) add(from); // which pixel it was
  for (const leaf of found.leaves) add(origin(trace, leaf));
  if (found.leaves.length <= 8)
    for (const leaf of found.leaves) {
      const producer = producerOf(trace, leaf.value);
      const step = producer && oneStep(trace, producer, leaf.index, (producer.outputs ?? []).indexOf(leaf.value));
      if (step && step.leaves.length > 2) for (const each of step.leaves) add(origin(trace, each));
    }
  return [...all.values()];
}

/** @param {Trace} trace @param {string} value */
function fromImage(trace, value) {
  const source = find(trace, withoutStep(producerOf(trace, value)?.name ?? trace.values.get(value)?.name ?? ""));
  return source !== null && isImage(source);
}

/**
 * The parts of the model that use a value.
 * @param {Trace} trace @param {string} value @returns {{ name: string, title: string }[]}
 */
export function usersOf(trace, value) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const seen = new Set();
  /** @param {string} id @param {number} depth what has no name of its own is passed over */
  const follow = (id, depth) => {
    for (const user of trace.uses.get(id) ?? []) {
      if (seen.has(user) || seen.size >= MOST_FOLLOWED || found.size >= MOST_USERS) continue;
      seen.add(user);
      const named = user.caption || user.variable;
      if (!named && depth < 4 && user.outputs?.length) for (const out of user.outputs) follow(out, depth + 1);
      else found.set(withoutStep(user.name), nameOf(trace, user.outputs?.[0] ?? ""));
    }
  };
  follow(value, 0);
  return [...found].map(([name, title]) => ({ name, title }));
}

/** @param {string} name @param {number[]} cell */
const key = (name, cell) => `${name}@${cell.join()}`;

/** Which cells of a picture each source cell feeds: found out in turns, so that the pointer never waits for it. */
export class Feeds {
  /** @param {Trace} trace @param {Shown} shown */
  constructor(trace, shown) {
    this.trace = trace;
    this.shown = shown;
    const cells = shown.shape.reduce((product, n) => product * n, 1);
    /** @type {Map<string, Set<string>>} */
    this.found = new Map();
    this.index = new Array(shown.shape.length).fill(0);
    this.slides = shown.series ? null : geometry(trace, shown.nodes[0]);
    this.left = cells > MOST_CELLS || this.slides ? 0 : cells;
  }

  /** @param {string} name @param {number[]} cell of a source @returns {Set<string> | null} indices of cells; null: not known, or none */
  of(name, cell) {
    if (this.slides) return this.slidden(this.slides, name, cell);
    return this.left ? null : (this.found.get(key(name, cell)) ?? null);
  }

  /** The same by the geometry of a window that slides. @param {import("#studio/look/seen.js").Geometry} slides @param {string} name @param {number[]} cell */
  slidden(slides, name, cell) {
    const picture = this.trace.values.get(slides.input);
    if (!picture || withoutStep(producerOf(this.trace, picture.id)?.name ?? picture.name) !== name) return null;
    const { shape } = this.shown.values[0];
    const pixel = [...new Array(3).fill(0), ...cell].slice(-3);
    const cells = goesInto(slides, shape, pixel, picture.shape[picture.shape.length - 3]);
    const lead = new Array(shape.length - 3).fill(0);
    return new Set(cells.map((each) => back(this.shown, 0, [...lead, ...each]).join()));
  }

  /** One turn. @param {number} milliseconds @returns {Promise<void> | null} null: done, else when the next one makes sense */
  turn(milliseconds) {
    const end = performance.now() + milliseconds;
    try {
      while (this.left && performance.now() < end) this.next();
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      return error.wait;
    }
    return this.left ? Promise.resolve() : null;
  }

  /** The next cell of the picture. */
  next() {
    const { index } = this;
    const { shape } = this.shown;
    const target = index.join();
    for (const group of groups(this.trace, this.shown, index))
      for (const cell of group.cells) {
        const source = key(group.name, cell);
        const fed = this.found.get(source);
        if (fed) fed.add(target);
        else this.found.set(source, new Set([target]));
      }
    this.left--;
    for (let axis = index.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
}

/**
 * What of a large tensor is drawn: a part with the lit cells in it. Of a picture the channels with lit cells beside each
 * other; else the axis before the last to the right, the last one downwards.
 * @param {number[]} shape @param {number[][]} cells @param {boolean} [image]
 */
export function excerpt(shape, cells, image = false) {
  const rank = shape.length;
  const lead = (cells[0] ?? new Array(rank).fill(0)).slice(0, Math.max(0, rank - 2));
  /** @param {number} axis */
  const span = (axis) => {
    if (axis < 0) return { from: 0, size: 1 };
    let [low, high] = [Infinity, -Infinity];
    for (const cell of cells) [low, high] = [Math.min(low, cell[axis]), Math.max(high, cell[axis])];
    const size = Math.min(shape[axis], MOST_LINES);
    const from = high - low < size ? Math.floor((low + high) / 2 - size / 2) + 1 : low; // around them, or their beginning
    return { from: cells.length ? Math.min(Math.max(0, from), shape[axis] - size) : 0, size };
  };
  if (image) return tiles(shape, cells, lead, span(rank - 2), span(rank - 1));
  const [across, down] = rank === 1 ? [span(0), span(-1)] : [span(rank - 2), span(rank - 1)];
  return {
    columns: across.size,
    rows: down.size,
    key: `${lead} ${across.from} ${down.from}`,
    /** @param {number} x @param {number} y @returns {number[] | null} */
    index: (x, y) => (rank === 0 ? [] : rank === 1 ? [across.from + x] : [...lead, across.from + x, down.from + y]),
    /** @param {number[]} cell @returns {[number, number] | null} its column and row; null: outside */
    place: (cell) => {
      const x = rank === 0 ? 0 : cell[rank === 1 ? 0 : rank - 2] - across.from;
      const y = rank < 2 ? 0 : cell[rank - 1] - down.from;
      const inside = x >= 0 && y >= 0 && x < across.size && y < down.size && lead.every((at, axis) => cell[axis] === at);
      return inside ? [x, y] : null;
    },
  };
}

const MOST_TILES = 8; // channels of a picture beside each other

/**
 * @param {number[]} shape @param {number[][]} cells @param {number[]} lead of the first of them
 * @param {{ from: number, size: number }} down rows that are drawn @param {{ from: number, size: number }} across columns
 */
function tiles(shape, cells, lead, down, across) {
  const axis = shape.length - 3;
  const lit = [...new Set(cells.map((cell) => cell[axis]))].sort((a, b) => a - b);
  const channels = axis < 0 ? [0] : (lit.length ? lit : [0]).slice(0, MOST_TILES);
  const wide = across.size + 1; // a column between two of them
  return {
    columns: channels.length * wide - 1,
    rows: down.size,
    key: `${lead.slice(0, -1)} ${channels} ${across.from} ${down.from}`,
    /** @param {number} x @param {number} y @returns {number[] | null} null: between two channels */
    index: (x, y) => {
      if (x % wide === across.size) return null;
      const place = [down.from + y, across.from + (x % wide)];
      return axis < 0 ? place : [...lead.slice(0, axis), channels[Math.floor(x / wide)], ...place];
    },
    /** @param {number[]} cell @returns {[number, number] | null} */
    place: (cell) => {
      const nth = axis < 0 ? 0 : channels.indexOf(cell[axis]);
      const [y, x] = [cell[axis + 1] - down.from, cell[axis + 2] - across.from];
      const inside = nth >= 0 && x >= 0 && y >= 0 && x < across.size && y < down.size;
      return inside && lead.slice(0, Math.max(0, axis)).every((at, n) => cell[n] === at) ? [nth * wide + x, y] : null;
    },
  };
}
