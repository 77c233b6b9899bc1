// @ts-check
// The one motion of the Look page: what is opened grows out of the small picture that it was. It can be cut short by any
// key or touch, and is left out for those who asked for less motion.

/** @type {{ skipTransition: () => void } | null} */
let current = null;

/**
 * @param {Element | null | undefined} from the small picture @param {() => void} change shows the large one
 * @param {string} to selector of the large one
 */
export function grow(from, change, to) {
  current?.skipTransition();
  const begin = /** @type {any} */ (document).startViewTransition?.bind(document);
  if (!(from instanceof HTMLElement) || !begin || matchMedia("(prefers-reduced-motion: reduce)").matches) return change();
  from.style.viewTransitionName = "opened";
  /** @type {HTMLElement | null} */
  let grown = null;
  const transition = begin(async () => {
    from.style.viewTransitionName = "";
    change();
    await drawn();
    grown = document.querySelector(to);
    if (grown) grown.style.viewTransitionName = "opened";
  });
  current = transition;
  const skip = () => transition.skipTransition();
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, skip, { once: true, capture: true });
  transition.finished.finally(() => {
    if (grown) grown.style.viewTransitionName = "";
    for (const event of ["pointerdown", "keydown"]) removeEventListener(event, skip, { capture: true });
    if (current === transition) current = null;
  });
}

/** @returns {Promise<void>} when what was changed is on the page */
const drawn = () => new Promise((resolve) => setTimeout(() => resolve(), 30)); // no animation frame comes while it waits
