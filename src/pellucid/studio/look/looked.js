// @ts-check
// From an input to a trace: asked of the server, read, and kept while the next one is on its way.
import { useEffect, useLayoutEffect, useState } from "#studio/ui/dom.js";
import { post } from "#studio/ui/http.js";
import { remote } from "#studio/look/file.js";
import { Trace } from "#studio/look/trace.js";

/** @typedef {import("#studio/types.d.ts").Looked} Message */
/** @typedef {import("#studio/types.d.ts").Check} Check */
/** @typedef {{ trace: Trace, check: Check, answer: Record<string, any> | null, url: string, bytes: number, milliseconds: number, input: any }} Looked */

/**
 * Asked before the page is painted: whoever types waits for this.
 * @param {string} room @param {string | null} run @param {any} input @param {boolean} backward
 * @param {any} turn another one asks again
 * @returns {{ looked: Looked | null, error: Error | null, loading: boolean }}
 */
export function useLooked(room, run, input, backward, turn) {
  const [state, setState] = useState(/** @type {{ looked: Looked | null, error: Error | null, loading: boolean }} */ ({ looked: null, error: null, loading: run !== null }));
  useLayoutEffect(() => {
    if (run === null || input === null) return setState({ looked: null, error: null, loading: false });
    const control = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    look(room, run, input, backward, control.signal).then(
      (looked) => control.signal.aborted || setState({ looked, error: null, loading: false }),
      (error) => control.signal.aborted || setState((before) => ({ looked: before.looked, error, loading: false })),
    );
    return () => control.abort();
  }, [room, run, JSON.stringify(input), backward, turn]);
  return state;
}

/** @param {string} room @param {string} run @param {any} input @param {boolean} backward @param {AbortSignal} signal */
async function look(room, run, input, backward, signal) {
  /** @type {Message} */
  const said = await post(`/api/rooms/${room}/runs/${encodeURIComponent(run)}/look`, { input, backward }, signal);
  const trace = await Trace.open(await remote(said.url, said.bytes));
  await trace.readSmall();
  return { trace, check: said.check, answer: said.answer, url: said.url, bytes: said.bytes, milliseconds: said.milliseconds, input };
}

/**
 * Draw again when bytes that were missing have come: for a component whose numbers may still be on their way.
 * @template T
 * @param {() => T} compute @returns {T | null}
 */
export function useNumbers(compute) {
  const [, again] = useState(0);
  try {
    return compute();
  } catch (error) {
    const wait = /** @type {any} */ (error).wait;
    if (!(wait instanceof Promise)) throw error;
    wait.then(() => again((n) => n + 1), () => {});
    return null;
  }
}

/**
 * Draw again whenever numbers of the trace have come: for pictures that leave out what is on its way.
 * @param {Trace} trace
 */
export function useArrivals(trace) {
  const [, again] = useState(0);
  useEffect(() => {
    let asked = 0;
    const tell = () => {
      asked ||= requestAnimationFrame(() => {
        asked = 0;
        again((n) => n + 1);
      });
    };
    trace.arrivals.add(tell);
    return () => {
      cancelAnimationFrame(asked);
      trace.arrivals.delete(tell);
    };
  }, [trace]);
}
