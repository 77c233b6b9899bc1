// @ts-check
// The lines and the log of a run, as they come from the server's events.
import { useEffect, useRef, useState } from "#studio/ui/dom.js";
import { events, get, useVisible } from "#studio/ui/http.js";
import { Lines } from "#studio/train/series.js";

/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {{ lines: Lines, log: string[], summary: RunSummary | null, connected: boolean, version: number }} Watched */

const LOG = 5000; // lines that are kept; the file has all

/** @param {string} room @param {string} id */
export const runPath = (room, id) => `/api/rooms/${encodeURIComponent(room)}/runs/${encodeURIComponent(id)}`;

/**
 * A run as it trains: drawn anew at most once a frame, however fast its lines come.
 * @param {string} room @param {string} id @param {number} turn of the run; a resumed one is asked for anew
 * @returns {Watched}
 */
export function useRun(room, id, turn) {
  const visible = useVisible();
  const [watched, setWatched] = useState(() => nothing());
  const whose = useRef(id);
  useEffect(() => {
    if (!visible) return;
    if (whose.current !== id) {
      whose.current = id;
      setWatched(nothing());
    }
    const now = nothing();
    let frame = 0;
    const changed = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setWatched({ ...now, version: ++now.version });
      });
    };
    const close = events(
      `${runPath(room, id)}/events`,
      {
        metric: (line) => void (now.lines.add(line), changed()),
        log: ({ lines }) => void ((now.log = [...now.log, ...lines].slice(-LOG)), changed()),
        state: (summary) => void ((now.summary = summary), changed()),
        end: changed,
      },
      (connected) => {
        if (connected === now.connected) return;
        now.connected = connected;
        changed();
      },
    );
    return () => {
      close();
      cancelAnimationFrame(frame);
    };
  }, [room, id, turn, visible]);
  return watched;
}

/** @returns {Watched} */
const nothing = () => ({ lines: new Lines(), log: [], summary: null, connected: true, version: 0 });

/** @param {string} room @param {string} id @param {AbortSignal} signal @returns {Promise<Lines>} all that a run has logged so far */
async function linesOf(room, id, signal) {
  const lines = new Lines();
  for (const line of await get(`${runPath(room, id)}/metrics`, signal)) lines.add(line);
  return lines;
}

/**
 * The lines of several runs, read one after the other, and again when a run got on.
 * @param {string} room @param {RunSummary[]} runs @returns {Map<string, Lines>} by id; those not read yet are missing
 */
export function useLines(room, runs) {
  const [read, setRead] = useState(/** @type {Map<string, Lines>} */ (new Map()));
  const readAt = useRef(/** @type {Map<string, string>} */ (new Map()));
  const wanted = runs.map((run) => ({ id: run.id, at: `${run.state} ${run.epoch}` }));
  useEffect(() => {
    const control = new AbortController();
    (async () => {
      for (const { id, at } of wanted) {
        if (readAt.current.get(id) === at) continue;
        const lines = await linesOf(room, id, control.signal).catch(() => null);
        if (control.signal.aborted) return;
        if (!lines) continue; // deleted meanwhile: the list of runs will say so
        readAt.current.set(id, at);
        setRead((before) => new Map(before).set(id, lines));
      }
    })();
    return () => control.abort();
  }, [room, JSON.stringify(wanted)]);
  return read;
}
