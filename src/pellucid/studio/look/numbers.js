// @ts-check
// A few numbers as a small table of coloured cells: what a kernel sees, the kernel, their products.
import { html } from "#studio/ui/dom.js";
import { number, translator } from "#studio/ui/text.js";
import { scaleOf, share } from "#studio/look/colour.js";
import { TEXT } from "#studio/look/text.js";
import { usePalette } from "#studio/look/views/theme.js";

const t = translator(TEXT);
const HUGE = 100; // from which on two decimals have no room
const WRITTEN = 5; // rows or columns beyond which the cells are only coloured

/** @param {number} value two decimals, so that a column of them can be compared at a glance */
const short = (value) => (Math.abs(value) < HUGE ? value.toFixed(2).replace("-", "−").replace(/^−?0\.00$/, "0") : number(value, 2));

/**
 * @param {{ title: string, rows: (number | null)[][], scale: { low: number, high: number } | null, ring?: [number, number] | null, foot?: string }} props
 * rows: null is a zero of the padding. scale: null: of these numbers. ring: a cell that stands out
 */
export function Numbers({ title, rows, scale, ring = null, foot }) {
  const palette = usePalette();
  const flat = rows.flat().map((value) => value ?? 0);
  const { low, high } = scale ?? { low: Math.min(...flat), high: Math.max(...flat) };
  const range = scaleOf(low, high);
  const written = Math.max(rows.length, rows[0]?.length ?? 0) <= WRITTEN;
  /** @param {number | null} value @param {number} row @param {number} column */
  const cell = (value, row, column) => {
    const at = share({ ...range, low: range.signed ? range.low : Math.min(0, range.low) }, value ?? 0);
    const style = value === null ? {} : { background: palette.css(at), color: palette.text(at) };
    const marked = ring && ring[0] === row && ring[1] === column;
    return html`<td key=${column} class=${`num ${value === null ? "zero" : ""} ${marked ? "ring" : ""}`} style=${style} title=${value === null ? t("padding") : String(value)}>${written ? short(value ?? 0) : ""}</td>`;
  };
  return html`<figure class=${`numbers ${written ? (rows.length > 3 ? "many" : "") : "dense"}`}>
    <figcaption>${title}</figcaption>
    <table aria-label=${title}><tbody>
      ${rows.map((line, row) => html`<tr key=${row}>${line.map((value, column) => cell(value, row, column))}</tr>`)}
    </tbody></table>
    ${foot && html`<p class="num foot-sum">${foot}</p>`}
  </figure>`;
}
