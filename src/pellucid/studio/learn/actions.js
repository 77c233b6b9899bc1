// @ts-check
// A link in a lesson that does something: it moves the picture beside it, or starts a training.
import { move, needs } from "#studio/learn/moves.js";
import { TEXT } from "#studio/learn/text.js";
import { html, useState } from "#studio/ui/dom.js";
import { post } from "#studio/ui/http.js";
import { toast } from "#studio/ui/parts.js";
import { translator } from "#studio/ui/text.js";
import { go, here, hidden, link } from "#studio/ui/url.js";

/** @typedef {import("#studio/learn/nodes.js").Action} Act */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */

const t = translator(TEXT);
const NARROW = "(max-width: 760px)"; // as in shell.css: there either the lesson or the picture is on screen

/** Start a training. @param {string} room @param {Record<string, string>} config the fields to change */
async function train(room, config) {
  try {
    const run = /** @type {RunSummary} */ (await post(`/api/rooms/${room}/runs`, { config }));
    const onAction = () => go(`/${room}/train`, { watch: run.id });
    toast(t("started"), { action: t("watch"), onAction });
  } catch (error) {
    toast(t("refused", { why: /** @type {Error} */ (error).message }));
  }
}

/**
 * An action in the text. Where it leads to another picture it is a real link, which can be copied and opened elsewhere.
 * @param {{ action: Act, room: string, page: string, pressed: boolean, children?: any }} props
 * pressed: the picture is this action's
 */
export function Action({ action, room, page, pressed, children }) {
  const [busy, setBusy] = useState(false);
  const { path, query } = here();
  if (hidden(query, needs(action) ?? "-")) return html`<span>${children}</span>`; // a teacher's link took that tab away
  if (action.does === "train") {
    const start = async () => {
      setBusy(true);
      await train(room, action.query);
      setBusy(false);
    };
    return html`<button class="act" aria-disabled=${busy} onClick=${busy ? undefined : start}>${children}</button>`;
  }
  const { path: to, changes } = move(action, room, path[1], page);
  const shown = action.does !== "page" && matchMedia(NARROW).matches ? { ...changes, dock: "picture" } : changes;
  return html`<a class="act" ...${link(to, shown)} aria-current=${pressed ? "true" : undefined}>${children}</a>`;
}
