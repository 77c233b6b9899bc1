// @ts-check
// Small widgets that more than one page uses.
import { html, useEffect, useLayoutEffect, useRef, useState } from "#studio/ui/dom.js";
import { TEXT } from "#studio/ui/text.table.js";
import { translator } from "#studio/ui/text.js";

const t = translator(TEXT);

/**
 * One of a few choices, side by side; arrow keys move as in any group of radio buttons.
 * @param {{ label: string, options: { value: string, title: any, disabled?: boolean }[], value: string, onChange: (value: string) => void }} props
 */
export function Segmented({ label, options, value, onChange }) {
  return html`<div class="segmented" role="radiogroup" aria-label=${label}>
    ${options.map(
      (option) => html`<button
        key=${option.value}
        type="button"
        role="radio"
        aria-checked=${option.value === value}
        tabindex=${option.value === value ? 0 : -1}
        disabled=${option.disabled}
        onClick=${() => onChange(option.value)}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
          if (!step) return;
          event.preventDefault();
          event.stopPropagation();
          const free = options.filter((each) => !each.disabled);
          const next = free[(free.findIndex((each) => each.value === option.value) + step + free.length) % free.length];
          onChange(next.value);
          const group = /** @type {HTMLElement} */ (event.currentTarget).parentElement;
          const buttons = group ? [...group.querySelectorAll("button")] : [];
          buttons[options.indexOf(next)]?.focus();
        }}
      >
        ${option.title}
      </button>`,
    )}
  </div>`;
}

/**
 * A line that says how something stands. kind: info, error, ok, empty.
 * @param {{ kind?: "info" | "error" | "ok" | "empty", children?: any }} props
 */
export const Notice = ({ kind = "info", children }) =>
  html`<div class=${`notice ${kind}`} role=${kind === "error" ? "alert" : "status"}>${children}</div>`;

/** @param {{ label?: string }} props */
export const Spinner = ({ label }) =>
  html`<span class="spinner" role="status"><span class="sr-only">${label ?? t("loading")}</span></span>`;

/**
 * @param {{ value: number | null, label: string }} props value: share done, from 0 to 1; null: not known
 */
export const ProgressBar = ({ value, label }) =>
  html`<div
    class=${value === null ? "progress unknown" : "progress"}
    role="progressbar"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${value === null ? undefined : Math.round(value * 100)}
  >
    <div style=${{ transform: `scaleX(${value ?? 1})` }}></div>
  </div>`;

/**
 * A dialog over the page, by the browser's own element: focus stays inside, Escape closes.
 * @param {{ title: string, onClose: () => void, children?: any, wide?: boolean }} props
 */
export function Dialog({ title, onClose, children, wide = false }) {
  const element = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const before = document.activeElement; // before any key can reach what lies behind
    element.current?.showModal();
    return () => queueMicrotask(() => before instanceof HTMLElement && before.focus()); // once what covers it is gone
  }, []);
  return html`<dialog
    ref=${element}
    class=${wide ? "wide" : ""}
    aria-label=${title}
    onClose=${onClose}
    onClick=${(/** @type {MouseEvent} */ event) => event.target === element.current && onClose()}
  >
    <header><h2>${title}</h2><button class="plain" onClick=${onClose} aria-label=${t("close")}>✕</button></header>
    <div class="content">${children}</div>
  </dialog>`;
}

/**
 * A button that opens a list below it; it closes by Escape, by a choice, and when the focus leaves.
 * @param {{ title: any, label?: string, children?: any, align?: "left" | "right" }} props
 */
export function Menu({ title, label, children, align = "left" }) {
  const [open, setOpen] = useState(false);
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (open && list.current) keepInside(list.current);
  }, [open]);
  return html`<div
    class="menu"
    ref=${element}
    onFocusOut=${(/** @type {FocusEvent} */ event) =>
      element.current?.contains(/** @type {Node} */ (event.relatedTarget)) || setOpen(false)}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && open) {
        event.stopPropagation();
        setOpen(false);
        element.current?.querySelector("button")?.focus();
      }
    }}
  >
    <button aria-expanded=${open} aria-label=${label} onClick=${() => setOpen(!open)}>${title} <span aria-hidden="true">▾</span></button>
    ${open && html`<div class=${`list ${align}`} ref=${list} onClick=${() => setOpen(false)}>${children}</div>`}
  </div>`;
}

const EDGE = 8; // pixels to the edge of the window

/** @param {HTMLElement} element moved to the side, where it would stand over the edge of a narrow window */
function keepInside(element) {
  const { left, right } = element.getBoundingClientRect();
  const over = Math.max(0, right - (document.documentElement.clientWidth - EDGE));
  element.style.translate = `${Math.max(EDGE - left, -over)}px`;
}

/** @param {{ text: string, label?: string }} props a button that copies; label: of what, for a screen reader */
export const Copy = ({ text, label }) =>
  html`<button class="small plain" aria-label=${label && `${t("copy")}: ${label}`} onClick=${() => copy(text)}>${t("copy")}</button>`;

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch {
    toast(t("notCopied")); // refused, or a page that came over plain HTTP from another machine
  }
}

/** @typedef {{ id: number, text: string, action?: string, onAction?: () => void }} Toast */

/** @type {(toast: Toast) => void} */
let show = () => {};
let last = 0;

/**
 * A word in passing, at the foot of the page, with at most one thing to do about it ("Undo").
 * @param {string} text @param {{ action?: string, onAction?: () => void }} [options]
 */
export const toast = (text, options = {}) => show({ id: ++last, text, ...options });

/** Where toasts appear; the app has one. */
export function Toasts() {
  const [current, setCurrent] = useState(/** @type {Toast | null} */ (null));
  show = setCurrent;
  useEffect(() => {
    if (!current) return;
    const timer = setTimeout(() => setCurrent(null), current.action ? 12000 : 5000);
    return () => clearTimeout(timer);
  }, [current]);
  return html`<div class="toasts" role="status" aria-live="polite">
    ${current &&
    html`<div class="toast" key=${current.id}>
      <span>${current.text}</span>
      ${current.action &&
      html`<button
        onClick=${() => {
          current.onAction?.();
          setCurrent(null);
        }}
      >
        ${current.action}
      </button>`}
      <button class="plain" aria-label=${t("close")} onClick=${() => setCurrent(null)}>✕</button>
    </div>`}
  </div>`;
}
