// @ts-check
// What the server refused, in the reader's language where the sentence is known; else as the server said it.
import { translator } from "#studio/ui/text.js";
import { TEXT } from "#studio/ui/text.table.js";

const t = translator(TEXT);

/** @param {unknown} error as `request` threw it @returns {string} */
export function told(error) {
  const { status = 0, problems = [], message = "" } = /** @type {any} */ (error ?? {});
  if (status === 0) return t("offline");
  if (status === 401) return t("restarted");
  const known = /** @type {const} */ ({ no_run: "noSuchRun", input: "badInput", no_trace: "traceGone", too_large: "tooLarge" });
  const key = known[/** @type {keyof typeof known} */ (problems[0]?.code)];
  return key ? t(key, { message }) : message;
}
