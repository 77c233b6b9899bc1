// @ts-check
// Going through places in their order, by hand or played: the steps of a loop, a window that slides over a picture.
import { html, useEffect, useState } from "#studio/ui/dom.js";
import { remember, remembered, translator } from "#studio/ui/text.js";
import { TEXT } from "#studio/look/text.js";

/** @typedef {import("#studio/look/shown.js").Shown} Shown */

const t = translator(TEXT);
const PLAY = { slow: 1500, normal: 650, fast: 140 }; // milliseconds a step
const STILL = "(prefers-reduced-motion: reduce)";

/**
 * Through the steps of a loop.
 * @param {Shown} shown @param {any} axis @param {number[]} mark @param {(index: number[]) => void} onPick
 */
export function alongSteps(shown, axis, mark, onPick) {
  const at = mark[0] ?? 0;
  const name = String(axis?.labels?.[at] ?? at);
  return { at, last: shown.shape[0] - 1, name, label: axis?.title ?? "", to: (/** @type {number} */ step) => onPick([step, ...mark.slice(1)]) };
}

/**
 * Through the places of a window that slides over a picture, row by row, in the channel that is marked.
 * @param {Shown} shown @param {number[]} mark @param {(index: number[]) => void} onPick
 */
export function alongPlaces(shown, mark, onPick) {
  const [rows, columns] = shown.shape.slice(-2);
  const [row, column] = mark.slice(-2);
  const to = (/** @type {number} */ place) => onPick([...mark.slice(0, -2), Math.floor(place / columns), place % columns]);
  return { at: row * columns + column, last: rows * columns - 1, name: t("atPlace", { row, column }), label: t("slide"), to };
}

/**
 * Places in their order, by hand or played. moves: what is played moves over a picture, which those who asked for less
 * motion do by hand only.
 * @param {{ at: number, last: number, name: string, label: string, to: (at: number) => void, moves?: boolean }} props
 */
export function Scrub({ at, last, name, label, to, moves = false }) {
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(() => /** @type {keyof typeof PLAY} */ (Object.keys(PLAY).find((each) => each === remembered("speed")) ?? "normal"));
  const still = useStill() && moves;
  useEffect(() => {
    if (!playing || still) return;
    const timer = setTimeout(() => (at < last ? to(at + 1) : setPlaying(false)), PLAY[speed]);
    return () => clearTimeout(timer);
  }, [playing, still, at, last, speed]);
  return html`<div class="scrub">
    ${!still && html`<button class="small" aria-pressed=${playing} onClick=${() => {
      if (!playing && at === last) to(0);
      setPlaying(!playing);
    }}>${playing ? "❚❚" : "▶"} <span>${playing ? t("pause") : t("play")}</span></button>`}
    <input type="range" min="0" max=${last} value=${at} aria-label=${label} aria-valuetext=${name}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => moves && event.key.startsWith("Arrow") && event.stopPropagation()}
      onInput=${(/** @type {any} */ event) => to(Number(event.target.value))} />
    ${!still && html`<select class="speed" aria-label=${t("speed")} value=${speed} onChange=${(/** @type {any} */ event) => {
      setSpeed(event.target.value);
      remember("speed", event.target.value);
    }}>
      <option value="slow">${t("slow")}</option><option value="normal">${t("normal")}</option><option value="fast">${t("fast")}</option>
    </select>`}
    <span class="fine num">${name} · ${at + 1}/${last + 1}</span>
  </div>`;
}

/** @returns {boolean} whether less motion was asked for, as that changes */
function useStill() {
  const [still, setStill] = useState(() => matchMedia(STILL).matches);
  useEffect(() => {
    const asked = matchMedia(STILL);
    const follow = () => setStill(asked.matches);
    asked.addEventListener("change", follow);
    return () => asked.removeEventListener("change", follow);
  }, []);
  return still;
}
