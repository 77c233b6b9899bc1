// @ts-check
// Which page of a lesson is open, what lies before and after it, and which are read.

/** @typedef {import("#studio/learn/nodes.js").Page} Page */

/** @param {Page[]} pages @param {string | undefined} id of the URL; the first page, where there is none such */
export function open(pages, id) {
  const at = Math.max(0, pages.findIndex((page) => page.id === id));
  return { at, page: pages[at] ?? null, previous: pages[at - 1] ?? null, next: pages[at + 1] ?? null };
}

/** The language to show. @param {string[]} written those in which there is a lesson @param {string} wanted */
export const languageOf = (written, wanted) => (written.includes(wanted) ? wanted : (written[0] ?? null));

export const READ_AFTER = 6; // seconds

/**
 * Counts the seconds in which a page is really seen.
 * @param {() => boolean} seen @param {() => void} done @returns {() => void} a second has passed
 */
export function reader(seen, done) {
  let left = READ_AFTER;
  return () => {
    if (left > 0 && seen() && --left === 0) done();
  };
}
