// @ts-check
// A picture as an input: drawn, chosen, dropped, pasted or photographed, and what is asked now beside it.
import { html, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { writing } from "#studio/ui/keys.js";
import { Menu, Notice, Spinner } from "#studio/ui/parts.js";
import { translator } from "#studio/ui/text.js";
import { Camera } from "#studio/input/camera.js";
import { useDrawing } from "#studio/input/drawing.js";
import { FromTestSet } from "#studio/input/gallery.js";
import { Pad } from "#studio/input/pad.js";
import { fromFile, NoPicture } from "#studio/input/pixels.js";
import { BRUSHES, isEmpty } from "#studio/input/strokes.js";
import { TEXT } from "#studio/input/text.js";

/** @typedef {import("#studio/input/input.js").Entry} Entry */

const t = translator(TEXT);

/** @param {Entry} entry */
export const PictureField = (entry) => (entry.onChange ? html`<${Editor} ...${entry} />` : html`<${Asked} value=${entry.value} large=${true} />`);

/** @param {Entry} entry */
function Editor({ room, name, value, onChange = () => {}, titled, label, box }) {
  const side = room.input.json_schema.side ?? 96;
  const drawing = useDrawing(value, side, onChange);
  const { take, error } = useTaking(side, onChange);
  const [over, setOver] = useState(false);
  const [camera, setCamera] = useState(false);
  return html`<div
    class=${over ? "picture-input over" : "picture-input"}
    onDragOver=${(/** @type {DragEvent} */ event) => (event.preventDefault(), setOver(true))}
    onDragLeave=${() => setOver(false)}
    onDrop=${(/** @type {DragEvent} */ event) => {
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer?.files[0]);
    }}
  >
    <${Pad} name=${name} drawing=${drawing} titled=${titled} label=${label} box=${box} />
    <div class="beside">
      <${Asked} value=${value} />
      <label class="brush">
        <span class="fine">${t("brush")}</span>
        <input
          type="range"
          min=${BRUSHES.smallest}
          max=${BRUSHES.largest}
          step="0.01"
          value=${drawing.brush}
          aria-valuetext=${t("brushIs", { n: Math.round(100 * drawing.brush) })}
          onInput=${(/** @type {any} */ event) => drawing.setBrush(Number(event.currentTarget.value))}
        />
      </label>
      <div class="row">
        <button onClick=${drawing.undo} disabled=${!drawing.canUndo}>${t("undo")}</button>
        <button onClick=${drawing.clear} disabled=${isEmpty(drawing.now)}>${t("clear")}</button>
      </div>
      <div class="row">
        <${Upload} take=${take} />
        <button onClick=${() => setCamera(true)}>${t("camera")}</button>
      </div>
      <p class="fine">${t("orDrop")}</p>
    </div>
    ${error && html`<${Notice} kind="error">${error}<//>`}
    ${room.input.examples.length > 0 &&
    html`<div class="examples" role="group" aria-label=${t("examples")}>
      ${room.input.examples.map((each, i) => html`<${Choice} key=${i} value=${each} title=${t("example", { n: i + 1 })} chosen=${each === value} onChoose=${onChange} />`)}
    </div>`}
    ${camera && html`<${Camera} side=${side} onPicture=${onChange} onClose=${() => setCamera(false)} />`}
  </div>`;
}

/** @param {{ value: string, title: string, chosen: boolean, onChoose: (value: string) => void }} props */
const Choice = ({ value, title, chosen, onChoose }) =>
  html`<button class="choice" aria-pressed=${chosen} title=${title} onClick=${() => onChoose(value)}><img class="pixels" src=${value} alt=${title} /></button>`;

/** What is asked now, as it is sent, with its size. @param {{ value: string, large?: boolean }} props */
function Asked({ value, large = false }) {
  const [size, setSize] = useState("");
  if (!value) return html`<p class="asked none fine">${t("nothing")}</p>`;
  return html`<figure class=${large ? "asked large" : "asked"}>
    <img
      class="pixels"
      src=${value}
      alt=${t("askedNow")}
      onLoad=${(/** @type {any} */ { currentTarget: image }) => setSize(t("size", { width: image.naturalWidth, height: image.naturalHeight }))}
      onError=${() => setSize("")}
    />
    <figcaption class="fine"><span>${t("askedNow")}</span> <span class="num">${size}</span></figcaption>
  </figure>`;
}

/** @param {{ take: (file: File | undefined) => void }} props */
function Upload({ take }) {
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));
  return html`<input
      ref=${chooser}
      type="file"
      hidden
      accept="image/*"
      onChange=${(/** @type {any} */ { currentTarget: input }) => {
        take(input.files?.[0]);
        input.value = "";
      }}
    />
    <button onClick=${() => chooser.current?.click()}>${t("upload")}</button>`;
}

/**
 * Files that are chosen, dropped or pasted.
 * @param {number} side @param {(value: string) => void} onChange
 */
function useTaking(side, onChange) {
  const [error, setError] = useState("");
  /** @param {File | null | undefined} file */
  async function take(file) {
    if (!file) return;
    setError("");
    try {
      onChange(await fromFile(file, side));
    } catch (problem) {
      if (!(problem instanceof NoPicture)) throw problem;
      setError(t(/** @type {"noPicture" | "tooManyBytes"} */ (problem.message), { name: file.name }));
    }
  }
  const newest = useRef(take);
  newest.current = take;
  useEffect(() => {
    const paste = (/** @type {ClipboardEvent} */ event) => {
      const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
      if (!file || event.defaultPrevented || writing(event.target)) return; // the first pad on the page takes it
      event.preventDefault();
      newest.current(file);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, []);
  return { take, error };
}

/** In one line: the picture, and a button that opens the pad below. @param {Entry} entry */
export function PictureLine(entry) {
  const [open, setOpen] = useState(false);
  return html`<div class="written pictured" role="group" aria-label=${entry.label}>
      <${Asked} value=${entry.value} />
      <button aria-expanded=${open} onClick=${() => setOpen(!open)}>${t("draw")} <span aria-hidden="true">${open ? "▴" : "▾"}</span></button>
      ${entry.busy && html`<${Spinner} />`}
    </div>
    ${open && html`<div class="sheet opened"><${Editor} ...${entry} /></div>`}`;
}

/** @param {Entry & { inLine?: boolean }} entry */
export const PictureSources = (entry) =>
  html`${entry.inLine &&
    html`<${Menu} title=${t("examples")} align="right">
      <div class="examples">
        ${entry.room.input.examples.map((each, i) => html`<${Choice} key=${i} value=${each} title=${t("example", { n: i + 1 })} chosen=${each === entry.value} onChoose=${entry.onChange ?? (() => {})} />`)}
      </div>
    <//>`}
    <${FromTestSet} ...${entry} />`;

/** @param {{ value: string, label?: string }} props */
export const PictureShown = ({ value, label }) => html`<img class="pixels shown-picture" src=${value} alt=${label ?? t("askedNow")} />`;
