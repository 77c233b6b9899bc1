// @ts-check
// The pad: a picture that is drawn on by mouse, pen, finger or keyboard.
import { html, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { translator } from "#studio/ui/text.js";
import { fresh, useSize } from "#studio/look/views/theme.js";
import { ground, paint } from "#studio/input/pixels.js";
import { inside, moved, place, resized } from "#studio/input/strokes.js";
import { TEXT } from "#studio/input/text.js";

/** @typedef {import("#studio/input/drawing.js").Drawn} Drawn */
/** @typedef {import("#studio/input/strokes.js").Point} Point */

const t = translator(TEXT);
const FAR = 4; // steps with Shift
const LARGER = 1.25;

/** @param {{ name: string, drawing: Drawn, titled?: string, label?: string, box?: any }} props */
export function Pad({ name, drawing, titled, label, box }) {
  const { now, base } = drawing;
  const [room, width, height] = useSize();
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const [at, setAt] = useState(/** @type {Point} */ ([0.5, 0.5]));
  const [byKeys, setByKeys] = useState(false); // the keyboard's brush is seen only where it is used
  const shape = base ? base.naturalWidth / base.naturalHeight : 1;
  useEffect(() => {
    const context = base === undefined ? null : fresh(canvas.current, width, height);
    if (!context) return; // the last picture stays until the next one is there
    ground(context, base ?? null, width, height);
    paint(context, now.strokes, width, height);
  }, [now.strokes, now.strokes.at(-1)?.points, base, width, height]);

  /** @param {PointerEvent} event @returns {Point} */
  const pointed = (event) => {
    const { left, top, width: wide, height: high } = /** @type {HTMLCanvasElement} */ (canvas.current).getBoundingClientRect();
    return inside([(event.clientX - left) / wide, (event.clientY - top) / high]);
  };
  const pointer = {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (!event.isPrimary || event.button) return;
      canvas.current?.setPointerCapture(event.pointerId);
      setByKeys(false);
      drawing.begin(pointed(event));
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      if (event.isPrimary && event.buttons & 1) drawing.extend((event.getCoalescedEvents?.() ?? [event]).map(pointed));
    },
    onPointerUp: drawing.end,
    onPointerCancel: drawing.end,
  };

  /** @param {KeyboardEvent} event @returns {boolean} whether it was for the pad */
  function press(event) {
    const to = moved(at, event.key, event.shiftKey ? FAR : 1);
    if (to) {
      setAt(to);
      drawing.extend([to]);
    } else if (event.key === " ") {
      if (!event.repeat && !drawing.drawing) drawing.begin(at);
    } else if (event.key === "Enter") drawing.drawing ? drawing.end() : drawing.begin(at);
    else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) drawing.undo();
    else if (event.key === "Delete") drawing.clear();
    else if (event.key === "+" || event.key === "-") drawing.setBrush(resized(drawing.brush, event.key === "+" ? LARGER : 1 / LARGER));
    else return false;
    setByKeys(true);
    return true;
  }
  const keys = {
    onKeyDown: (/** @type {KeyboardEvent} */ event) => press(event) && event.preventDefault(),
    onKeyUp: (/** @type {KeyboardEvent} */ event) => event.key === " " && drawing.end(),
    onFocus: (/** @type {FocusEvent} */ event) => setByKeys(/** @type {HTMLElement} */ (event.currentTarget).matches(":focus-visible")),
    onBlur: () => (setByKeys(false), drawing.end()),
  };
  const across = drawing.brush * 100 * Math.min(1, 1 / shape);
  return html`<div class="pad">
    <div class="pad-sheet" ref=${room} style=${{ aspectRatio: String(shape), maxWidth: `calc(var(--pad) * ${Math.min(1, shape)})` }}>
      <canvas
        ref=${(/** @type {any} */ element) => {
          canvas.current = element;
          if (box) box.current = element;
        }}
        class="pad-canvas"
        tabindex="0"
        role="application"
        aria-roledescription=${t("pad")}
        aria-labelledby=${titled}
        aria-label=${label}
        aria-describedby=${`keys-${name}`}
        ...${pointer}
        ...${keys}
      ></canvas>
      ${!now.base && !now.strokes.length && html`<p class="hint" aria-hidden="true">${t("drawHere")}</p>`}
      ${byKeys && html`<i class=${drawing.drawing ? "cursor down" : "cursor"} style=${{ left: `${100 * at[0]}%`, top: `${100 * at[1]}%`, width: `${across}%` }}></i>`}
    </div>
    <p class="fine pad-keys" id=${`keys-${name}`}>${t("padKeys")}</p>
    <p class="sr-only" role="status">${byKeys && t(drawing.drawing ? "penDown" : "penUp", place(at))}</p>
  </div>`;
}
