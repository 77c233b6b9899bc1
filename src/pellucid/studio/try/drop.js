// @ts-check
// A place for one file: chosen, or dropped there.
import { html, useRef, useState } from "#studio/ui/dom.js";
import { size, translator } from "#studio/ui/text.js";
import { TEXT } from "#studio/try/text.js";

const t = translator(TEXT);

/** @param {string} name @returns {string} its kind, in lower case, with the point */
export const kindOf = (name) => /\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? "";

/** @param {{ file: File | null, kinds: string[], about: string, onChoose: (file: File) => void }} props about: the kinds, in words */
export function Drop({ file, kinds, about, onChoose }) {
  const [over, setOver] = useState(false);
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));
  const choose = (/** @type {File | undefined} */ chosen) => chosen && onChoose(chosen);
  return html`<div
    class=${over ? "drop over" : "drop"}
    onDragOver=${(/** @type {DragEvent} */ event) => (event.preventDefault(), setOver(true))}
    onDragLeave=${() => setOver(false)}
    onDrop=${(/** @type {DragEvent} */ event) => {
      event.preventDefault();
      setOver(false);
      choose(event.dataTransfer?.files[0]);
    }}
  >
    <input
      ref=${chooser}
      type="file"
      hidden
      accept=${kinds.join()}
      onChange=${(/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        choose(input.files?.[0]);
        input.value = ""; // the same file again, once it has been mended
      }}
    />
    ${file && html`<b class="name">${file.name}</b><span class="fine num">${size(file.size)}</span>`}
    <button onClick=${() => chooser.current?.click()}>${file ? t("otherFile") : t("choose")}</button>
    <span class="quiet">${t("drop")}</span>
    ${file || html`<span class="fine">${about}</span>`}
  </div>`;
}
