// @ts-check
// Colours of the theme as a canvas takes them.

/** @param {HTMLElement} element @returns {(name: string) => string} colours of the theme by the tokens' names, and mixed ones */
export function colours(element) {
  const probe = document.createElement("i");
  element.parentElement?.append(probe);
  /** @type {Map<string, string>} */
  const known = new Map();
  const all = (/** @type {string} */ name) => {
    if (!known.has(name)) {
      probe.style.color = name.includes("(") ? name : `var(--${name})`;
      known.set(name, getComputedStyle(probe).color);
    }
    return /** @type {string} */ (known.get(name));
  };
  queueMicrotask(() => probe.remove());
  return all;
}
