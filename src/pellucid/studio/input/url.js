// @ts-check
// An input that is also in the URL, a moment after it was changed.
import { useEffect, useRef, useState } from "#studio/ui/dom.js";
import { go } from "#studio/ui/url.js";

/** @typedef {import("#studio/ui/url.js").Place} Place */

const LATEST = 5; // pauses: who never stops is heard then

/**
 * @param {string} name of the query @param {Place} place @param {string} otherwise where the URL has none
 * @param {{ pause: number, empty?: boolean }} how milliseconds after a change; empty: whether nothing is an input, too
 * @returns {[string, (text: string) => void]}
 */
export function useUrlInput(name, place, otherwise, { pause, empty = true }) {
  const asked = place.query[name] ?? otherwise;
  const [text, setText] = useState(asked);
  const known = useRef(asked); // what the URL said last, or was told
  const since = useRef(0); // when the first change was made that the URL does not have
  useEffect(() => {
    if (asked === known.current) return;
    known.current = asked;
    since.current = 0;
    setText(asked); // an example, the lesson, Back
  }, [asked]);
  useEffect(() => {
    if (text === known.current || (!empty && !text.trim())) return void (since.current = 0);
    since.current ||= performance.now();
    const left = since.current + LATEST * pause - performance.now();
    const timer = setTimeout(() => {
      since.current = 0;
      known.current = text;
      go(null, { [name]: text }, { replace: true });
    }, Math.max(0, Math.min(pause, left)));
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
}
