// @ts-check
// Asking a run as someone types: the answer first, then the influence of each word; what is out of date is dropped.
import { useEffect, useState } from "#studio/ui/dom.js";
import { post, ProblemError, useSettled } from "#studio/ui/http.js";

/** @typedef {import("#studio/types.d.ts").Influence} Influence */
/**
 * @typedef {object} Asked what is known of one input
 * @property {Record<string, any> | null} answer
 * @property {number | null} threshold
 * @property {number | null} milliseconds from the request to the answer, here in the browser
 * @property {Influence | null} influence
 * @property {ProblemError | null} error
 * @property {string | null} of the input that was answered
 */

/** @type {Asked} */
const NOTHING = { answer: null, threshold: null, milliseconds: null, influence: null, error: null, of: null };
const PAUSE = 30; // milliseconds after a key

/** @type {Set<string>} runs whose server has said that of their inputs no influence is known: they are not asked again */
const without = new Set();

/** @param {string} room @param {string} run */
export const pathOf = (room, run) => `/api/rooms/${encodeURIComponent(room)}/runs/${encodeURIComponent(run)}`;

/**
 * @param {string} room @param {string | undefined} run @param {string} input @param {boolean} [deep] the influence as well
 * @returns {Asked} of the newest input that was answered
 */
export function useAsked(room, run, input, deep = true) {
  const settled = useSettled(input, PAUSE);
  const [asked, setAsked] = useState(NOTHING);
  useEffect(() => {
    if (!run || !settled.trim()) return setAsked(NOTHING);
    const control = new AbortController();
    ask(pathOf(room, run), settled, deep, control.signal, setAsked).catch((error) => {
      if (!control.signal.aborted) setAsked({ ...NOTHING, error });
    });
    return () => control.abort();
  }, [room, run, settled]);
  return asked;
}

/**
 * @param {string} path @param {string} input @param {boolean} deep @param {AbortSignal} signal
 * @param {(change: (before: Asked) => Asked) => void} tell
 */
async function ask(path, input, deep, signal, tell) {
  const start = performance.now();
  const { answers, threshold } = await post(`${path}/predict`, { inputs: [input] }, signal);
  const milliseconds = performance.now() - start;
  tell((before) => ({ ...before, answer: answers[0], threshold, milliseconds, error: null, of: input }));
  if (!deep || without.has(path)) return;
  const influence = await post(`${path}/influence`, { input }, signal).catch((error) => {
    if (!(error instanceof ProblemError) || error.status !== 404) throw error;
    without.add(path);
    return null;
  });
  tell((before) => ({ ...before, influence }));
}
