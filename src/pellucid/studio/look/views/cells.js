// @ts-check
// The coloured cells of a heat map: SVG while they are few, a canvas when they are many.
import { share } from "#studio/look/colour.js";
import { gapOf } from "#studio/look/views/frame.js";
import { differs, difference, read } from "#studio/look/views/picture.js";
import { fresh } from "#studio/look/views/theme.js";
import { html, useLayoutEffect, useMemo, useRef } from "#studio/ui/dom.js";
import { number } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/views/picture.js").Picture} Picture */
/** @typedef {import("#studio/look/views/frame.js").Sheet} Sheet */
/** @typedef {import("#studio/look/views/frame.js").Window} Window */
/** @typedef {import("#studio/look/colour.js").Palette} Palette */
/**
 * @typedef {{ x: number, y: number, value: number | null, text: string, differs: boolean }} Cell x, y: upper left, in
 * pixels
 */
/**
 * @typedef {{ picture: Picture, compare?: Picture | null, sheet: Sheet, window: Window, palette: Palette }} CellsProps
 */

const MANY = 600;
const NUMBERS = [19, 46]; // a cell at least this high and wide has its number in it

/** @param {CellsProps} props @returns {Cell[]} */
export function cellsOf({ picture, compare, sheet, window }) {
  const [tall, wide] = sheet.cell;
  const room = tall >= NUMBERS[0] && wide >= NUMBERS[1];
  const cells = [];
  for (let row = window.rows[0]; row < window.rows[1]; row++)
    for (let column = window.columns[0]; column < window.columns[1]; column++) {
      const index = sheet.index(row, column);
      const value = read(picture, index);
      cells.push({
        x: (column - window.columns[0]) * wide,
        y: (row - window.rows[0]) * tall,
        value,
        text:
          value !== null && (room || (!Number.isFinite(value) && wide >= 24 && tall >= 12))
            ? number(value, wide < 56 ? 2 : 3)
            : "",
        differs: !!compare && differs(picture, difference(picture, compare, index)),
      });
    }
  return cells;
}

/**
 * The cells of a window. They are read again only when the picture or the window changes, or while bytes are missing.
 * @param {CellsProps} props
 */
export function Cells(props) {
  const { picture, compare, sheet, window, palette } = props;
  const missing = useRef(0);
  const cells = useMemo(() => cellsOf(props), [picture, compare, sheet, window, missing.current]);
  if (cells.some((/** @type {Cell} */ { value }) => value === null)) missing.current++;
  const Drawn = cells.length > MANY ? CanvasCells : SvgCells;
  return useMemo(
    () => html`
      <${Drawn} ...${props} cells=${cells} />
    `,
    [cells, palette, Drawn],
  );
}

/** @param {CellsProps & { cells: Cell[] }} props */
function SvgCells({ picture, sheet, window, palette, cells }) {
  const [tall, wide] = sheet.cell;
  const [w, h] = [wide - gapOf(wide), tall - gapOf(tall)];
  const size = {
    width: (window.columns[1] - window.columns[0]) * wide,
    height: (window.rows[1] - window.rows[0]) * tall,
  };
  return html`
    <svg class="view-cells" ...${size}>
      ${cells.map(({ x, y, value, text, differs }) => {
        const there = value !== null && Number.isFinite(value);
        const at = there ? share(picture, value) : 0;
        return html`
          <g>
            <rect
              class=${there ? "" : value === null ? "missing" : "odd"}
              x=${x}
              y=${y}
              width=${w}
              height=${h}
              rx="2"
              fill=${there ? palette.css(at) : undefined}
            />
            ${
              value !== null &&
              !there &&
              html`
                <path class="hatch" d=${hatch(x, y, w, h)} />
              `
            }
            ${
              text &&
              html`
                <text x=${x + w / 2} y=${y + h / 2} fill=${there ? palette.text(at) : palette.tokens.ink}>${text}</text>
              `
            }
            ${
              differs &&
              html`
                <path class="differs" d=${corner(x, y, w)} />
              `
            }
          </g>
        `;
      })}
    </svg>
  `;
}

/** @param {CellsProps & { cells: Cell[] }} props */
function CanvasCells({ picture, sheet, window, palette, cells }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const [tall, wide] = sheet.cell;
  const width = (window.columns[1] - window.columns[0]) * wide;
  const height = (window.rows[1] - window.rows[0]) * tall;
  useLayoutEffect(() => {
    const context = fresh(canvas.current, width, height);
    if (!context || !canvas.current) return;
    const [w, h] = [wide - gapOf(wide), tall - gapOf(tall)];
    context.font = `11px ${getComputedStyle(canvas.current).fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.strokeStyle = palette.tokens.line;
    for (const { x, y, value, text, differs } of cells) {
      const there = value !== null && Number.isFinite(value);
      const at = there ? share(picture, value) : 0;
      if (there) {
        context.fillStyle = palette.css(at);
        box(context, x, y, w, h);
      } else if (value !== null) context.stroke(new Path2D(hatch(x, y, w, h)));
      else context.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
      if (text) {
        context.fillStyle = there ? palette.text(at) : palette.tokens.ink;
        context.fillText(text, x + w / 2, y + h / 2 + 0.5);
      }
      if (differs) {
        context.fillStyle = palette.tokens.ink;
        context.fill(new Path2D(corner(x, y, w)));
      }
    }
  }, [picture, sheet, window, palette, cells]);
  return html`
    <canvas class="view-cells" ref=${canvas} style=${{ width: `${width}px`, height: `${height}px` }}></canvas>
  `;
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} w @param {number} h */
function box(context, x, y, w, h) {
  if (w < 8 || h < 8) return context.fillRect(x, y, w, h);
  context.beginPath();
  context.roundRect(x, y, w, h, 2);
  context.fill();
}

/** A small triangle in the upper right corner. @param {number} x @param {number} y @param {number} w */
function corner(x, y, w) {
  const side = Math.min(6, w / 2);
  return `M${x + w - side} ${y}H${x + w}V${y + side}Z`;
}

/** Diagonal lines within a box. @param {number} x @param {number} y @param {number} w @param {number} h */
function hatch(x, y, w, h) {
  let path = "";
  for (let start = 4; start < w + h; start += 5) {
    const [x1, y1] = [Math.min(start, w), Math.max(0, start - w)];
    const [x2, y2] = [Math.max(0, start - h), Math.min(start, h)];
    path += `M${x + x1} ${y + y1}L${x + x2} ${y + y2}`;
  }
  return path;
}
