// @ts-check
// What can be done with runs. Each says in a toast what came of it, or why nothing did.
import { del, post, ProblemError } from "#studio/ui/http.js";
import { toast } from "#studio/ui/parts.js";
import { go } from "#studio/ui/url.js";
import { pack, writtenFrom } from "#studio/train/fields.js";
import { problemText, runName, t } from "#studio/train/names.js";
import { runPath } from "#studio/train/stream.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */

/**
 * @template T
 * @param {() => Promise<T>} action @returns {Promise<T | null>} null: refused, and said so
 */
async function said(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    toast(problemText(error.problems[0] ?? { message: error.message }));
    return null;
  }
}

/** @param {string} room @param {string} id @returns {Promise<any>} */
export const stop = (room, id) => said(() => post(`${runPath(room, id)}/stop`));

/** @param {string} room @param {string} id @returns {Promise<any>} */
export const resume = (room, id) => said(() => post(`${runPath(room, id)}/resume`));

/** @param {string} room @param {string} id @returns {Promise<import("#studio/types.d.ts").Evaluation | null>} */
export const evaluate = (room, id) => said(() => post(`${runPath(room, id)}/evaluate`));

/**
 * Into the trash, from where they can be brought back.
 * @param {string} room @param {string[]} ids
 */
export async function remove(room, ids) {
  /** @type {string[]} */
  const gone = [];
  for (const id of ids) if (await said(() => del(runPath(room, id)))) gone.push(id);
  if (!gone.length) return;
  toast(gone.length === 1 ? t("deletedOne", { run: runName(gone[0]) }) : t("deletedMany", { n: gone.length }), {
    action: t("undo"),
    onAction: () => restore(room, gone),
  });
}

/** @param {string} room @param {string[]} ids */
export async function restore(room, ids) {
  /** @type {string[]} */
  const back = [];
  for (const id of ids) if (await said(() => post(`${runPath(room, id)}/restore`))) back.push(id);
  if (back.length) toast(back.length === 1 ? t("restored", { run: runName(back[0]) }) : t("restoredMany", { n: back.length }));
}

/**
 * Starts TensorBoard if need be, and opens it beside this page. A browser opens a window only while a click is fresh;
 * after a slow start the toast has a button instead.
 * @param {string} room
 */
export async function board(room) {
  const window = globalThis.open("about:blank", "_blank");
  const started = await said(() => post(`/api/rooms/${encodeURIComponent(room)}/tensorboard`));
  if (!started) return window?.close();
  if (window) {
    window.opener = null;
    window.location.href = started.url;
  } else
    toast(t("boardReady"), { action: t("open"), onAction: () => void globalThis.open(started.url, "_blank", "noopener") });
}

/** @param {RunSummary} run all tabs of the room show this one from now on */
export function use(run) {
  go(null, { run: run.id });
  toast(t("useAbout", { run: runName(run.id) }));
}

/** @param {Room} room @param {RunSummary} run the form, with this run's settings; "" where they are all the defaults */
export function startFrom(room, run) {
  go(null, { watch: null, set: pack(room.fields, writtenFrom(run.changed)) });
  scrollTo(0, 0);
}
