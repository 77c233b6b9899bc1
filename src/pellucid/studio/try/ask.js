// @ts-check
// Asking a run as its input changes: the newest answer as fast as it comes, then the influence of the parts at a pause.
import { useEffect, useLayoutEffect, useState } from "#studio/ui/dom.js";
import { post, useComeback, useSettled } from "#studio/ui/http.js";
import { newest } from "#studio/ui/newest.js";

/** @typedef {import("#studio/ui/http.js").ProblemError} ProblemError */
/** @typedef {import("#studio/types.d.ts").Influence} Influence */
/** @typedef {import("#studio/types.d.ts").Maps} Maps */
/**
 * @typedef {object} Asked what is known of one input
 * @property {Record<string, any> | null} answer
 * @property {number | null} threshold
 * @property {number | null} milliseconds from the request to the answer, here in the browser
 * @property {Influence | Maps | null} influence
 * @property {string | null} influenceOf
 * @property {ProblemError | null} error
 * @property {string | null} of the input that was answered
 */

/** @type {Asked} */
const NOTHING = { answer: null, threshold: null, milliseconds: null, influence: null, influenceOf: null, error: null, of: null };
const PAUSE = 150; // milliseconds until the influence is asked for

/** @type {Set<string>} runs whose server has said that of their inputs no influence is known: they are not asked again */
const without = new Set();

/** @param {string} room @param {string} run */
export const pathOf = (room, run) => `/api/rooms/${encodeURIComponent(room)}/runs/${encodeURIComponent(run)}`;

/**
 * @param {string} room @param {string | undefined} run @param {string} input @param {boolean} [deep] the influence as well
 * @param {number} [turn] of the run: with another one it is asked anew
 * @returns {Asked} of the newest input that was answered
 */
export function useAsked(room, run, input, deep = true, turn = 0) {
  const [asked, setAsked] = useState(NOTHING);
  const path = run ? pathOf(room, run) : null;
  const settled = useSettled(input, PAUSE);
  const [tasks] = useState(() => newest(ask));
  const answered = asked.of === settled;
  const [back, setBack] = useState(0); // how often the server was away
  useComeback(asked.error, () => setBack(back + 1));
  /** @param {{ path: string, input: string }} of @param {() => boolean} wanted */
  async function ask(of, wanted) {
    const start = performance.now();
    try {
      const { answers, threshold } = await post(`${of.path}/predict`, { inputs: [of.input] });
      const milliseconds = performance.now() - start;
      if (wanted()) setAsked((before) => ({ ...before, answer: answers[0], threshold, milliseconds, error: null, of: of.input }));
    } catch (error) {
      if (wanted()) setAsked({ ...NOTHING, error: /** @type {ProblemError} */ (error) });
    }
  }
  useLayoutEffect(() => () => tasks.forget(), [path]); // before the next run is asked
  useLayoutEffect(() => {
    if (path && input.trim()) return tasks.ask({ path, input });
    tasks.forget();
    setAsked(NOTHING);
  }, [path, input, turn, back]);
  useEffect(() => {
    if (!deep || !path || !answered || !settled.trim() || without.has(path)) return;
    const control = new AbortController();
    post(`${path}/influence`, { input: settled }, control.signal).then(
      (influence) => {
        if (!influence) without.add(path);
        else if (!control.signal.aborted) setAsked((before) => ({ ...before, influence, influenceOf: settled }));
      },
      (error) => control.signal.aborted || setAsked({ ...NOTHING, error }),
    );
    return () => control.abort();
  }, [path, settled, answered]);
  return asked;
}
