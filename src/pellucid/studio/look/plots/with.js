// @ts-check
// d3 in a component: there on a later drawing, once it is loaded.
import { d3Now, loadD3 } from "#studio/look/plots/d3.js";
import { useEffect, useState } from "#studio/ui/dom.js";

/** @returns {any} the library; null until it is there */
export function useD3() {
  const [d3, setD3] = useState(d3Now);
  useEffect(() => {
    if (!d3) void loadD3().then((found) => setD3(() => found));
  }, []);
  return d3;
}
