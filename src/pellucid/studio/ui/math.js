// @ts-check
// Formulas by KaTeX, which builds its elements itself: no HTML text passes through here.
import "#studio/vendor/katex/katex.min.js";
import { html, useLayoutEffect, useRef } from "#studio/ui/dom.js";

const katex = /** @type {any} */ (globalThis).katex;

/**
 * @param {{ tex: string, block?: boolean }} props a formula; what KaTeX cannot read is shown as it is written
 */
export function Math({ tex, block = false }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (element.current)
      katex.render(tex, element.current, { displayMode: block, throwOnError: false, trust: false, strict: "ignore" });
  }, [tex, block]);
  return html`<span ref=${element} class=${block ? "formula block" : "formula"}></span>`;
}
