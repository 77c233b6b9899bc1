// @ts-check
// Where a number came from and where it goes: the tensors that it was computed from, their cells lit; its users.
import { html, useEffect, useLayoutEffect, useMemo, useRef } from "#studio/ui/dom.js";
import { translator } from "#studio/ui/text.js";
import { share } from "#studio/look/colour.js";
import { useArrivals, useNumbers } from "#studio/look/looked.js";
import { excerpt, Feeds, groups, usersOf } from "#studio/look/origins.js";
import { isImage, picture, place } from "#studio/look/shown.js";
import { grow } from "#studio/look/motion.js";
import { TEXT } from "#studio/look/text.js";
import { fresh, usePalette } from "#studio/look/views/theme.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */
/** @typedef {import("#studio/look/origins.js").Group} Group */

const t = translator(TEXT);
const MANY = 200; // lit cells that are framed one by one
const TURN = 6; // milliseconds of searching between two frames

/**
 * @param {{ trace: Trace, shown: Shown, index: number[], onOpen: (name: string, cell: number[] | null) => void, title: (axis: string) => string,
 *   onPointSource: (fed: Set<string> | null) => void }} props
 */
export function Sources({ trace, shown, index, onOpen, title, onPointSource }) {
  const found = useNumbers(() => groups(trace, shown, index)) ?? [];
  const { which } = place(shown, index);
  const users = useMemo(() => usersOf(trace, shown.values[which].id), [trace, shown, which]);
  const point = useFeeds(trace, shown, onPointSource);
  return html`<section class="sources">
    ${found.length > 0 && html`<h4>${t("computedFrom")}</h4>
    <div class="source-list">
      ${found.map((group) => html`<figure key=${group.name}>
        <figcaption><button class="plain small" onClick=${() => onOpen(group.name, group.cells[0])} aria-label=${t("open", { name: group.title })}>${group.title}</button>
        <span class="fine num">[${group.shown.shape.join(", ")}]</span></figcaption>
        <${Lit} trace=${trace} group=${group} title=${title} onPoint=${(/** @type {number[] | null} */ cell) => point(group.name, cell)}
          onPick=${(/** @type {number[]} */ cell) => onOpen(group.name, cell)} />
      </figure>`)}
    </div>`}
    ${users.length > 0 && html`<p class="users"><span class="fine">${t("feeds")}</span>
      ${users.map((user) => html`<button key=${user.name} class="plain small" onClick=${() => onOpen(user.name, null)}>${user.title}</button>`)}</p>`}
  </section>`;
}

/**
 * Tells which cells of the picture a source cell feeds: at once, or as soon as that has been found out.
 * @param {Trace} trace @param {Shown} shown @param {(fed: Set<string> | null) => void} tell
 * @returns {(name: string, cell: number[] | null) => void}
 */
function useFeeds(trace, shown, tell) {
  const feeds = useMemo(() => new Feeds(trace, shown), [trace, shown]);
  const pointed = useRef(/** @type {{ name: string, cell: number[] } | null} */ (null));
  const searching = useRef(/** @type {Feeds | null} */ (null));
  useEffect(() => () => void (searching.current = null), [feeds]);
  const search = () => {
    if (searching.current !== feeds) return;
    const wait = feeds.turn(TURN);
    if (wait) return void wait.then(() => setTimeout(search), () => {});
    const { current } = pointed;
    tell(current && feeds.of(current.name, current.cell));
  };
  return (name, cell) => {
    pointed.current = cell && { name, cell };
    tell(cell && feeds.of(name, cell));
    if (!cell || searching.current === feeds) return;
    searching.current = feeds;
    search();
  };
}

/**
 * A small picture of a source around its lit cells.
 * @param {{ trace: Trace, group: Group, title: (axis: string) => string, onPoint: (cell: number[] | null) => void, onPick: (cell: number[]) => void }} props
 */
function Lit({ trace, group, title, onPoint, onPick }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const ground = useRef({ canvas: /** @type {HTMLCanvasElement | null} */ (null), of: /** @type {any[]} */ ([]) });
  const palette = usePalette();
  const { shown, cells } = group;
  const made = useMemo(() => ({ seen: /** @type {any} */ (null) }), [trace, shown]);
  const seen = useNumbers(() => (made.seen ??= picture(trace, shown, { title, label: "" })));
  useArrivals(trace);
  const image = isImage(shown);
  const frame = useMemo(() => excerpt(shown.shape, cells, image), [group]);
  const square = Math.max(2, Math.min(16, Math.floor(480 / frame.columns), Math.floor(168 / frame.rows)));
  const across = image ? square : Math.max(3, Math.min(16, Math.floor(280 / frame.columns)));
  const down = image ? square : Math.max(3, Math.min(16, Math.floor(128 / frame.rows)));
  const [width, height] = [frame.columns * across, frame.rows * down];
  const gap = Math.min(across, down) > 4 ? 1 : image ? 0 : 0.5;

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @returns {boolean} whether its number is there */
  const paint = (context, x, y) => {
    const index = frame.index(x, y);
    if (!index) return true;
    try {
      const value = seen.at(index);
      context.fillStyle = palette.css(Number.isFinite(value) ? share(seen, value) : 0);
    } catch {
      return false; // its bytes are on their way
    }
    context.fillRect(x * across, y * down, across - gap, down - gap);
    return true;
  };
  /** All cells, faint: drawn once for as long as the same part is shown. */
  const background = () => {
    const of = [seen, palette, frame.key, devicePixelRatio];
    const known = ground.current;
    if (known.canvas && of.every((each, i) => each === known.of[i])) return known.canvas;
    const made = document.createElement("canvas");
    const context = fresh(made, width, height);
    if (!context) return made;
    context.globalAlpha = 0.28;
    let whole = true;
    for (let y = 0; y < frame.rows; y++) for (let x = 0; x < frame.columns; x++) whole = paint(context, x, y) && whole;
    ground.current = { canvas: made, of: whole ? of : [] };
    return made;
  };
  useLayoutEffect(() => {
    const context = seen && fresh(canvas.current, width, height);
    if (!context) return;
    context.drawImage(background(), 0, 0, width, height);
    context.strokeStyle = palette.tokens.ink;
    context.lineWidth = 1;
    for (const cell of cells) {
      const [x, y] = frame.place(cell) ?? [-1, -1];
      if (x < 0 || !paint(context, x, y)) continue;
      if (across > 4 && cells.length < MANY) context.strokeRect(x * across + 0.5, y * down + 0.5, across - gap - 1, down - gap - 1);
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
    style=${{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}
    role="img"
    aria-label=${`${group.title} [${cells.slice(0, 3).map((cell) => cell.join(", ")).join("], [")}${cells.length > 3 ? "], …" : "]"}`}
    onPointerMove=${(/** @type {PointerEvent} */ event) => onPoint(cellAt(event))}
    onPointerLeave=${() => onPoint(null)}
    onClick=${(/** @type {PointerEvent} */ event) => {
      const cell = cellAt(event);
      if (cell) grow(canvas.current, () => onPick(cell), ".stage .view");
    }}
  ></canvas>`;
}
