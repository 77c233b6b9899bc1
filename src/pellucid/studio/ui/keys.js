// @ts-check
// The keyboard: whoever is on the page says which keys do what; `?` lists them all.
import { useEffect, useRef } from "#studio/ui/dom.js";

/** @typedef {Record<string, [does: string, run: (event: KeyboardEvent) => void]>} Keys by the key's name, "Shift+N" too */

/** @type {{ title: string, keys: Keys }[]} the newest part last; its keys go first */
const parts = [];

/** @returns {{ title: string, keys: Keys }[]} what is active now, for the help */
export const active = () => parts;

/**
 * Keys of a component, for as long as it is there.
 * @param {string} title @param {Keys} keys
 */
export function useKeys(title, keys) {
  const part = useRef({ title, keys });
  part.current.title = title;
  part.current.keys = keys;
  useEffect(() => {
    const mine = part.current;
    parts.push(mine);
    return () => void parts.splice(parts.indexOf(mine), 1);
  }, []);
}

/** @param {KeyboardEvent} event */
export function name(event) {
  return `${event.shiftKey && event.key.length > 1 ? "Shift+" : ""}${event.key}`;
}

/** @param {EventTarget | null} target @returns {boolean} whether keys belong to what is being written or chosen there */
export const writing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(button|checkbox|radio|range)$/.test(target.type));

/** @param {KeyboardEvent} event */
function handle(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  if (document.querySelector("dialog[open]")) return; // what lies behind it waits
  const pressed = name(event);
  const own = event.target instanceof HTMLElement && event.target.closest("button, a[href], summary, [role=tab], dialog");
  if (own && (pressed === "Enter" || pressed === " ")) return; // they press what is focused
  for (const part of [...parts].reverse()) {
    const found = part.keys[pressed];
    if (!found) continue;
    event.preventDefault();
    found[1](event);
    return;
  }
}

if (typeof document !== "undefined") document.addEventListener("keydown", handle);
