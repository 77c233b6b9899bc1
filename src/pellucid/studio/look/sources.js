// @ts-check
// Where a number came from and where it goes: the tensors that it was computed from, their cells lit; its users.
import { html, useEffect, useMemo, useRef } from "#studio/ui/dom.js";
import { translator } from "#studio/ui/text.js";
import { oneStep, origin, producerOf, written } from "#studio/look/cell.js";
import { nameOf } from "#studio/look/explained.js";
import { useNumbers } from "#studio/look/looked.js";
import { back, find, picture, place } from "#studio/look/shown.js";
import { withoutStep } from "#studio/look/trace.js";
import { usePalette } from "#studio/look/views/theme.js";
import { share } from "#studio/look/colour.js";
import { TEXT } from "#studio/look/text.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */
/** @typedef {{ name: string, title: string, shown: Shown, cells: number[][] }} Group the lit cells of one source */

const t = translator(TEXT);
const MOST_LINES = 40; // rows and columns of a small picture
const MOST_CELLS = 5000; // of a picture whose cells are searched for who used a number

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
  /** @param {import("#studio/look/cell.js").Cell} cell */
  const add = (cell) => {
    const name = withoutStep(producerOf(trace, cell.value)?.name ?? trace.values.get(cell.value)?.name ?? "");
    const source = all.get(name)?.shown ?? find(trace, name);
    const at = source?.values.findIndex((value) => value.id === cell.value) ?? -1;
    if (!source || at < 0) return;
    if (!all.has(name)) all.set(name, { name, title: nameOf(trace, cell.value), shown: source, cells: [] });
    all.get(name)?.cells.push(back(source, at, cell.index));
  };
  for (const leaf of found.leaves) add(origin(trace, leaf));
  if (found.leaves.length <= 8)
    for (const leaf of found.leaves) {
      const producer = producerOf(trace, leaf.value);
      const step = producer && oneStep(trace, producer, leaf.index, (producer.outputs ?? []).indexOf(leaf.value));
      if (step && step.leaves.length > 2) for (const each of step.leaves) add(origin(trace, each));
    }
  return [...all.values()];
}

/**
 * @param {{ trace: Trace, shown: Shown, index: number[], onOpen: (name: string, cell: number[] | null) => void, title: (axis: string) => string,
 *   onPointSource: (fed: Set<string> | null) => void }} props
 */
export function Sources({ trace, shown, index, onOpen, title, onPointSource }) {
  const found = useNumbers(() => groups(trace, shown, index)) ?? [];
  const { which } = place(shown, index);
  const users = useMemo(() => usersOf(trace, shown, which), [trace, shown, which]);
  const fed = useMemo(() => inverse(trace, shown), [trace, shown]);
  /** @param {Group} group @param {number[]} cell */
  const point = (group, cell) => onPointSource(fed()?.get(key(group.name, cell)) ?? null);
  return html`<section class="sources">
    ${found.length > 0 && html`<h4>${t("computedFrom")}</h4>
    <div class="source-list">
      ${found.map((group) => html`<figure key=${group.name}>
        <figcaption><button class="plain small" onClick=${() => onOpen(group.name, group.cells[0])} aria-label=${t("open", { name: group.title })}>${group.title}</button>
        <span class="fine num">[${group.shown.shape.join(", ")}]</span></figcaption>
        <${Lit} trace=${trace} group=${group} title=${title} onPoint=${(/** @type {number[] | null} */ cell) => (cell ? point(group, cell) : onPointSource(null))}
          onPick=${(/** @type {number[]} */ cell) => onOpen(group.name, cell)} />
      </figure>`)}
    </div>`}
    ${users.length > 0 && html`<p class="users"><span class="fine">${t("feeds")}</span>
      ${users.map((user) => html`<button key=${user.name} class="plain small" onClick=${() => onOpen(user.name, null)}>${user.title}</button>`)}</p>`}
  </section>`;
}

/** @param {Trace} trace @param {Shown} shown @param {number} which the parts of the model that use this value */
function usersOf(trace, shown, which) {
  /** @type {Map<string, string>} */
  const found = new Map();
  /** @param {string} id @param {number} depth what only moves it is passed over */
  const follow = (id, depth) => {
    for (const user of trace.uses.get(id) ?? []) {
      const named = user.caption || user.variable;
      if (!named && depth < 4 && user.outputs?.length) for (const out of user.outputs) follow(out, depth + 1);
      else found.set(withoutStep(user.name), nameOf(trace, user.outputs?.[0] ?? ""));
    }
  };
  follow(shown.values[which].id, 0);
  return [...found].slice(0, 8).map(([name, title]) => ({ name, title }));
}

/** @param {string} name @param {number[]} cell */
const key = (name, cell) => `${name}@${cell.join()}`;

/**
 * Which cells of a picture each source cell feeds, found out when it is first asked for.
 * @param {Trace} trace @param {Shown} shown @returns {() => Map<string, Set<string>> | null} null: too many cells
 */
function inverse(trace, shown) {
  /** @type {Map<string, Set<string>> | null | undefined} */
  let made;
  return () => {
    if (made !== undefined) return made;
    const cells = shown.shape.reduce((product, n) => product * n, 1);
    if (cells > MOST_CELLS) return (made = null);
    made = new Map();
    const index = new Array(shown.shape.length).fill(0);
    for (let i = 0; i < cells; i++) {
      for (const group of groups(trace, shown, index))
        for (const cell of group.cells) {
          const source = key(group.name, cell);
          if (!made.has(source)) made.set(source, new Set());
          made.get(source)?.add(index.join());
        }
      for (let axis = index.length - 1; axis >= 0 && ++index[axis] === shown.shape[axis]; axis--) index[axis] = 0;
    }
    return made;
  };
}

/**
 * A small picture of a source around its lit cells: the axis before the last to the right, the last one downwards.
 * @param {{ trace: Trace, group: Group, title: (axis: string) => string, onPoint: (cell: number[] | null) => void, onPick: (cell: number[]) => void }} props
 */
function Lit({ trace, group, title, onPoint, onPick }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const palette = usePalette();
  const { shown, cells } = group;
  const seen = useMemo(() => picture(trace, shown, { title, label: group.title }), [trace, shown]);
  const frame = useMemo(() => window(shown.shape, cells), [group]);
  const across = Math.max(3, Math.min(16, Math.floor(280 / frame.columns)));
  const down = Math.max(3, Math.min(16, Math.floor(128 / frame.rows)));
  const [width, height] = [frame.columns * across, frame.rows * down];
  useNumbers(() => {
    for (const cell of cells) seen.at(cell);
    return true;
  });
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !canvas.current) return;
    const ratio = devicePixelRatio || 1;
    canvas.current.width = width * ratio;
    canvas.current.height = height * ratio;
    context.scale(ratio, ratio);
    const lit = new Set(cells.map((cell) => cell.join()));
    const gap = Math.min(across, down) > 4 ? 1 : 0.5;
    for (let y = 0; y < frame.rows; y++)
      for (let x = 0; x < frame.columns; x++) {
        const cell = frame.index(x, y);
        let value = NaN;
        try {
          value = seen.at(cell);
        } catch {
          continue; // its bytes are on their way
        }
        context.globalAlpha = lit.has(cell.join()) ? 1 : 0.28;
        context.fillStyle = palette.css(Number.isFinite(value) ? share(seen, value) : 0);
        context.fillRect(x * across, y * down, across - gap, down - gap);
        if (!lit.has(cell.join())) continue;
        context.strokeStyle = palette.tokens.ink;
        context.lineWidth = 1;
        context.strokeRect(x * across + 0.5, y * down + 0.5, across - gap - 1, down - gap - 1);
      }
  });
  /** @param {PointerEvent} event */
  const cellAt = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * frame.columns);
    const y = Math.floor(((event.clientY - box.top) / box.height) * frame.rows);
    return x >= 0 && y >= 0 && x < frame.columns && y < frame.rows ? frame.index(x, y) : null;
  };
  return html`<canvas
    ref=${canvas}
    style=${{ width: `${width}px`, height: `${height}px` }}
    role="img"
    aria-label=${`${group.title} [${cells.slice(0, 3).map((cell) => cell.join(", ")).join("], [")}${cells.length > 3 ? "], …" : "]"}`}
    onPointerMove=${(/** @type {PointerEvent} */ event) => onPoint(cellAt(event))}
    onPointerLeave=${() => onPoint(null)}
    onClick=${(/** @type {PointerEvent} */ event) => {
      const cell = cellAt(event);
      if (cell) onPick(cell);
    }}
  ></canvas>`;
}

/**
 * What of a large tensor is drawn: a window with the lit cells in it.
 * @param {number[]} shape @param {number[][]} cells
 */
export function window(shape, cells) {
  const rank = shape.length;
  const first = cells[0] ?? new Array(rank).fill(0);
  const lead = first.slice(0, Math.max(0, rank - 2));
  /** @param {number} axis */
  const span = (axis) => {
    if (axis < 0) return { from: 0, size: 1 };
    const at = cells.map((cell) => cell[axis]);
    const size = Math.min(shape[axis], MOST_LINES);
    const middle = Math.floor((Math.min(...at) + Math.max(...at)) / 2 - size / 2) + 1;
    return { from: Math.min(Math.max(0, middle), shape[axis] - size), size };
  };
  const [across, down] = rank === 1 ? [span(0), span(-1)] : [span(rank - 2), span(rank - 1)];
  return {
    columns: across.size,
    rows: down.size,
    /** @param {number} x @param {number} y @returns {number[]} */
    index: (x, y) => (rank === 0 ? [] : rank === 1 ? [across.from + x] : [...lead, across.from + x, down.from + y]),
  };
}
