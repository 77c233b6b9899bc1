// @ts-check
// The one place where preact and htm come from.
import htm from "#studio/vendor/htm/htm.mjs";
import { createContext, Fragment, h, render } from "preact";

export {
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "#studio/vendor/preact/hooks.mjs";
export { createContext, Fragment, h, render };

/** Markup as a tagged template: html`<p class="quiet">${text}</p>`. */
export const html = htm.bind(h);
