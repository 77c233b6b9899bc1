// @ts-check
// Text as an input: a box to write in, or one line; examples, and messages of the test set.
import { html } from "#studio/ui/dom.js";
import { Menu, Spinner } from "#studio/ui/parts.js";
import { translator } from "#studio/ui/text.js";
import { FromTestSet } from "#studio/input/gallery.js";
import { TEXT } from "#studio/input/text.js";

/** @typedef {import("#studio/input/input.js").Entry} Entry */

const t = translator(TEXT);

/** @param {Entry} entry */
export const TextField = ({ room, value, onChange, titled, label, box, invalid, rows = 4 }) =>
  html`<textarea
    ref=${box}
    rows=${Math.max(rows, room.input.json_schema.lines ?? 1)}
    aria-labelledby=${titled}
    aria-label=${label}
    class=${room.input.json_schema.lines > 1 ? "lines" : ""}
    aria-invalid=${invalid}
    maxlength=${room.input.json_schema.maxLength}
    readonly=${!onChange}
    spellcheck=${false}
    value=${value}
    onInput=${(/** @type {any} */ event) => onChange?.(event.currentTarget.value)}
  ></textarea>`;

/** @param {Entry} entry lines: more than one, where Enter begins the next */
export function TextLine({ room, value, onChange, label, busy }) {
  const { lines = 1, maxLength } = room.input.json_schema;
  const shared = { value, maxlength: maxLength, spellcheck: false, onInput: (/** @type {any} */ event) => onChange?.(event.target.value) };
  return html`<label class="written">
    <span class="sr-only">${label}</span>
    ${lines > 1 ? html`<textarea rows=${Math.max(2, Math.min(lines, value.split("\n").length + 1))} ...${shared}></textarea>` : html`<input type="text" ...${shared} />`}
    ${busy && html`<${Spinner} />`}
  </label>`;
}

/** @param {Entry & { inLine?: boolean }} entry */
export const TextSources = (entry) =>
  html`<${Menu} title=${t("examples")} align=${entry.inLine ? "right" : "left"}>
      ${entry.room.input.examples.map((each) => html`<button key=${each} onClick=${() => entry.onChange?.(each)}>${each}</button>`)}
    <//>
    <${FromTestSet} ...${entry} />`;

/** @param {{ value: string }} props */
export const TextShown = ({ value }) => html`<span class="shown-text">${value}</span>`;
