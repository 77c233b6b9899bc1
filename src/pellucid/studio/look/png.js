// @ts-check
// The size of a PNG from its head: known at once, without waiting for a browser to load the picture.

const HEAD = 24; // bytes: a signature of 8, the length and name of the first part of 8, width and height of 4 each

/** @param {string} url `data:image/png;base64,…` @returns {[width: number, height: number] | null} null: it is none */
export function sizeOf(url) {
  if (!url.startsWith("data:image/png;base64,")) return null;
  const head = atob(url.slice(url.indexOf(",") + 1).slice(0, (HEAD / 3) * 4));
  if (head.length < HEAD) return null;
  const number = (/** @type {number} */ at) => [0, 1, 2, 3].reduce((sum, n) => sum * 256 + head.charCodeAt(at + n), 0);
  return [number(16), number(20)];
}
