// @ts-check
// The log of a run: it follows what is written, unless the reader has scrolled up.
import { html, useLayoutEffect, useRef } from "#studio/ui/dom.js";
import { countText, t } from "#studio/train/names.js";

const NEAR = 24; // pixels from the end that still count as being there

/** @param {{ lines: string[], open: boolean, onOpen: (open: boolean) => void }} props */
export function Log({ lines, open, onOpen }) {
  const box = useRef(/** @type {HTMLPreElement | null} */ (null));
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, open]);
  return html`<details class="log" open=${open} onToggle=${(/** @type {any} */ event) => onOpen(event.currentTarget.open)}>
    <summary>${t("log")} <span class="fine">${t("logLines", { n: countText(lines.length) })}</span></summary>
    ${lines.length
      ? html`<pre
          ref=${box}
          tabindex="0"
          aria-label=${t("log")}
          onScroll=${(/** @type {any} */ event) => {
            const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
            follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
          }}
        >${lines.join("\n")}</pre>`
      : html`<p class="quiet">${t("logEmpty")}</p>`}
  </details>`;
}
