// @ts-check
// A sheet of cells with named rows and columns that stay in sight while it scrolls; only what is in sight is drawn.
// The cells themselves are drawn once by whoever uses it; marks, light and the tooltip lie in layers above them.
import { Tooltip, spoken } from "#studio/look/views/parts.js";
import { inSight, labelled, reveal } from "#studio/look/views/plane.js";
import { usePointing } from "#studio/look/views/pointing.js";
import { shortened } from "#studio/look/views/shorten.js";
import { fresh } from "#studio/look/views/theme.js";
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */
/** @typedef {import("#studio/look/colour.js").Palette} Palette */
/** @typedef {{ x: number, y: number, width: number, height: number, round?: number }} Box within a cell, in pixels */
/** @typedef {{ rows: [number, number], columns: [number, number] }} Window first and one past the last */
/**
 * @typedef {object} Sheet
 * @property {number} height count of rows
 * @property {number} width count of columns
 * @property {[height: number, width: number]} cell in pixels
 * @property {number} head width of the row labels
 * @property {number} [top] height of the column labels
 * @property {any} [corner]
 * @property {(row: number) => any} rowLabel
 * @property {(column: number) => any} columnLabel
 * @property {[rows: number, columns: number]} [every] of how many rows and columns one is labelled
 * @property {(row: number, column: number) => number[]} index
 * @property {(index: number[] | null) => number[] | null} place
 * @property {(row: number, column: number) => Box} [box] of what is ringed in a cell; left out: the whole cell
 * @property {any} [side] beside the rows, where they have no labels
 */

export const PAD = 3; // room around the cells for the ring of a mark at the edge

/** @param {number} size @returns {number} the gap between cells of that size */
export const gapOf = (size) => (size >= 13 ? 2 : size >= 8 ? 1 : 0);

/** @param {HTMLElement | null} box @param {Sheet} sheet @returns {Window} */
function windowOf(box, { height, width, cell, head, top = 26 }) {
  const [tall, wide] = box ? [box.clientHeight - top, box.clientWidth - head] : [600, 1000];
  return {
    rows: inSight(box?.scrollTop ?? 0, Math.max(tall, cell[0]), cell[0], height),
    columns: inSight(box?.scrollLeft ?? 0, Math.max(wide, cell[1]), cell[1], width),
  };
}

/** @param {HTMLElement} box @param {Sheet} sheet @param {number[]} at a row and a column: scroll so that it is seen */
function show(box, { cell, head, top = 26 }, [row, column]) {
  box.scrollTop = reveal(PAD + row * cell[0], cell[0], box.scrollTop, box.clientHeight - top - 2 * PAD);
  box.scrollLeft = reveal(PAD + column * cell[1], cell[1], box.scrollLeft, box.clientWidth - head - 2 * PAD);
}

/**
 * @param {{ view: ViewProps, sheet: Sheet, palette: Palette, draw: (window: Window) => any,
 *   onValue?: (index: number[] | null) => void }} props
 * draw: the cells of a window, in a coordinate system in which row r and column c start at (c · width, r · height)
 */
export function Frame({ view, sheet, palette, draw, onValue }) {
  const { height, width, cell, head, top = 26 } = sheet;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [window, setWindow] = useState(() => windowOf(null, sheet));
  const update = () =>
    setWindow((/** @type {Window} */ old) => {
      const now = windowOf(box.current, sheet);
      return JSON.stringify(old) === JSON.stringify(now) ? old : now;
    });
  useLayoutEffect(update, [height, width, cell[0], cell[1], head]);

  const { pointed, handlers, surface } = usePointing(view, (event) => {
    const area = surface.current.getBoundingClientRect();
    const row = Math.floor((event.clientY - area.top - PAD) / cell[0]);
    const column = Math.floor((event.clientX - area.left - PAD) / cell[1]);
    return row >= 0 && row < height && column >= 0 && column < width ? sheet.index(row, column) : null;
  });
  useEffect(() => onValue?.(pointed), [pointed]);

  const marked = sheet.place(view.mark);
  const at = sheet.place(pointed);
  useLayoutEffect(() => {
    if (marked && box.current) show(box.current, sheet, marked);
  }, [marked?.[0], marked?.[1], cell[0], cell[1], head]);

  const labels = useMemo(
    () => html`
      <${Labels} sheet=${sheet} window=${window} marked=${marked} at=${at} />
    `,
    [sheet, window, marked?.join(), at?.join()],
  );
  const size = { width: `${width * cell[1] + 2 * PAD}px`, height: `${height * cell[0] + 2 * PAD}px` };
  const corner = { x: window.columns[0] * cell[1] + PAD, y: window.rows[0] * cell[0] + PAD };
  return html`
    <div class="view-frame">
      <div
        class=${`view-scroll ${view.active === false ? "aside" : ""}`}
        ref=${box}
        role="img"
        tabindex="0"
        aria-label=${spoken(view)}
        onScroll=${update}
      >
        <div
          class="view-world"
          style=${{ gridTemplateColumns: `${head}px ${size.width}`, gridTemplateRows: `${top}px ${size.height}` }}
        >
          <div class="view-corner">${sheet.corner}</div>
          ${labels}
          <div class="view-body" ref=${surface} style=${size} ...${handlers}>
            <div class="view-window" style=${{ left: `${corner.x}px`, top: `${corner.y}px` }}>
              ${draw(window)}
              <${Light} view=${view} sheet=${sheet} window=${window} palette=${palette} />
              <${Rings} sheet=${sheet} window=${window} marked=${marked} at=${at} />
            </div>
          </div>
        </div>
      </div>
      ${
        pointed &&
        at &&
        box.current &&
        html`
          <${Tooltip}
            view=${view}
            index=${pointed}
            width=${box.current.clientWidth}
            x=${head + PAD + (at[1] + 0.5) * cell[1] - box.current.scrollLeft}
            y=${top + PAD + at[0] * cell[0] - box.current.scrollTop}
          />
        `
      }
    </div>
  `;
}

/** @param {{ sheet: Sheet, window: Window, marked: number[] | null, at: number[] | null }} props */
function Labels({ sheet, window, marked, at }) {
  const { cell, every = [1, 1], height } = sheet;
  /**
   * @param {0 | 1} axis @param {[number, number]} range @param {(n: number) => any} name
   * @param {(n: number) => object} place
   */
  const line = (axis, [from, to], name, place) =>
    labelled(from, to, every[axis], [marked?.[axis], at?.[axis]]).map((n) => {
      const text = name(n);
      const room = axis === 1 && n !== marked?.[1] ? cell[1] * every[1] - 4 : Infinity;
      const kind = n === marked?.[axis] ? "marked" : n === at?.[axis] ? "pointed" : "";
      return html`
        <span key=${n} class=${kind} title=${text} style=${place(n)}>${typeof text === "string" ? shortened(text, room) : text}</span>
      `;
    });
  const above = (/** @type {number} */ n) => ({
    left: `${PAD + (n - (every[1] - 1) / 2) * cell[1]}px`, // a label is as wide as the cells that it stands for
    width: `${cell[1] * every[1]}px`,
  });
  const beside = (/** @type {number} */ n) => ({ top: `${PAD + n * cell[0]}px`, lineHeight: `${cell[0]}px` });
  return html`
    <div class="view-columns">${line(1, window.columns, sheet.columnLabel, above)}</div>
    <div class="view-rows">${sheet.side ?? (height > 1 && line(0, window.rows, sheet.rowLabel, beside))}</div>
  `;
}

/**
 * The cells that a pointed cell was computed from: they stay bright, all others step back.
 * @param {{ view: ViewProps, sheet: Sheet, window: Window, palette: Palette }} props
 */
function Light({ view, sheet, window, palette }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const [rows, columns] = [window.rows[1] - window.rows[0], window.columns[1] - window.columns[0]];
  const [tall, wide] = sheet.cell;
  useLayoutEffect(() => {
    const bright = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const strength = view.lit(sheet.index(window.rows[0] + row, window.columns[0] + column));
        if (strength) bright.push({ row, column, strength });
      }
    if (!canvas.current) return;
    canvas.current.hidden = !bright.length;
    if (!bright.length) return;
    const context = fresh(canvas.current, columns * wide, rows * tall);
    if (!context) return;
    const [right, below] = [gapOf(wide), gapOf(tall)];
    context.fillStyle = palette.tokens.sheet;
    context.globalAlpha = 0.7;
    context.fillRect(0, 0, columns * wide, rows * tall);
    for (const { row, column } of bright) context.clearRect(column * wide, row * tall, wide - right, tall - below);
    context.lineWidth = Math.min(1.5, wide / 6);
    for (const { row, column, strength } of bright) {
      context.globalAlpha = 0.25 + 0.75 * Math.min(1, Math.abs(strength));
      context.strokeStyle = strength < 0 ? palette.tokens.neg : palette.tokens.accent;
      context.strokeRect(column * wide - 0.5, row * tall - 0.5, wide - right + 1, tall - below + 1);
    }
  }, [view.lit, window, sheet, palette]);
  return html`
    <canvas
      class="view-light"
      ref=${canvas}
      style=${{ width: `${columns * wide}px`, height: `${rows * tall}px` }}
      hidden
    ></canvas>
  `;
}

/** @param {{ sheet: Sheet, window: Window, marked: number[] | null, at: number[] | null }} props */
function Rings({ sheet, window, marked, at }) {
  const [tall, wide] = sheet.cell;
  const x = (/** @type {number} */ column) => (column - window.columns[0]) * wide;
  const y = (/** @type {number} */ row) => (row - window.rows[0]) * tall;
  /** @type {Box} */
  const whole = { x: 0, y: 0, width: wide - gapOf(wide), height: tall - gapOf(tall) };
  const ring = (/** @type {number[]} */ [row, column], /** @type {string} */ kind) => {
    const box = sheet.box?.(row, column) ?? whole;
    return html`
      <rect
        class=${kind}
        x=${x(column) + box.x - 1}
        y=${y(row) + box.y - 1}
        width=${box.width + 2}
        height=${box.height + 2}
        rx=${box.round ?? 3}
      />
    `;
  };
  const shown = window.rows[1] - window.rows[0];
  return html`
    <svg class="view-rings" width=${(window.columns[1] - window.columns[0]) * wide} height=${shown * tall}>
      ${
        marked &&
        (sheet.height > 1 || sheet.box) &&
        html`
          <rect
            class="line"
            x=${x(marked[1]) - 1.5}
            y="-2"
            width=${whole.width + 3}
            height=${shown * tall - gapOf(tall) + 4}
            rx="4"
          />
        `
      }
      ${at && ring(at, "at")} ${marked && ring(marked, "mark")}
    </svg>
  `;
}
