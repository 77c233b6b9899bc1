// @ts-check
// d3, loaded when the first picture needs it: one place for all who draw with it.

/** @type {any} */
let loaded = null;

/** @returns {any} the library; null where it has not been loaded yet */
export const d3Now = () => loaded;

/** @returns {Promise<any>} the library */
export async function loadD3() {
  // @ts-expect-error a script of the old kind: no module, it leaves its name on the global object
  await import("#studio/vendor/d3/d3.min.js");
  return (loaded = /** @type {any} */ (globalThis).d3);
}
