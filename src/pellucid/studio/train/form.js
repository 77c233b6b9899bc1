// @ts-check
// The form of a new run, made from the room's configuration. What is changed stands in the URL, as `set`.
import { html, useEffect, useRef, useState } from "#studio/ui/dom.js";
import { post, ProblemError, useSettled } from "#studio/ui/http.js";
import { Notice, Spinner } from "#studio/ui/parts.js";
import { duration, words } from "#studio/ui/text.js";
import { go } from "#studio/ui/url.js";
import { Setting } from "#studio/train/boxes.js";
import { Command } from "#studio/train/command.js";
import { changed, command, config, faults, groups, pack, unpack, writtenFrom } from "#studio/train/fields.js";
import { countText, problemText, runName, t } from "#studio/train/names.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {import("#studio/types.d.ts").Problem} Problem */
/** @typedef {import("#studio/types.d.ts").ConfigField} ConfigField */
/** @typedef {import("#studio/train/fields.js").Written} Written */

/**
 * @param {{ room: Room, run: RunSummary | null, set: string | undefined, firstAfter: RunSummary | null | undefined }} props
 * set: of the URL. firstAfter: given where no run was trained here yet: the bundled run, which tells what it takes.
 */
export function Form({ room, run, set, firstAfter }) {
  const [written, write] = useWritten(room, set);
  const [refused, setRefused] = useState(/** @type {Problem[]} */ ([]));
  const [starting, setStarting] = useState(false);
  const wrong = faults(room.fields, written);
  const names = room.fields.map((field) => field.name);
  const elsewhere = refused.filter((problem) => !names.includes(fieldOf(problem)));
  const wrongCount = Object.keys(wrong).length;
  const changedCount = room.fields.filter((field) => changed(field, written[field.name])).length;

  const start = async () => {
    if (starting || wrongCount) return;
    setStarting(true);
    setRefused([]);
    try {
      const made = await post(`/api/rooms/${room.name}/runs`, { config: config(room.fields, written) });
      go(null, { watch: made.id, set: null });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      setRefused(error.problems.length ? error.problems : [{ field: "", message: error.message, code: "", limit: null }]);
    } finally {
      setStarting(false);
    }
  };

  const setting = (/** @type {ConfigField} */ field) =>
    html`<${Setting}
      key=${field.name}
      field=${field}
      written=${written[field.name] ?? ""}
      problem=${wrong[field.name] ?? refused.find((problem) => fieldOf(problem) === field.name)}
      onWrite=${(/** @type {string} */ text) => {
        setRefused(refused.filter((problem) => fieldOf(problem) !== field.name));
        write({ ...written, [field.name]: text });
      }}
    />`;
  const [first, ...others] = groups(room.fields);
  /** @param {ConfigField[]} fields whether something in them is to be seen */
  const needed = (fields) =>
    fields.some((field) => changed(field, written[field.name]) || wrong[field.name] || refused.some((problem) => fieldOf(problem) === field.name));
  const prefill = run && !run.bundled && Object.keys(run.changed).length ? run : null;

  return html`<section
    class="sheet form"
    aria-labelledby="form-title"
    onKeyDown=${(/** @type {KeyboardEvent} */ event) =>
      event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.type === "text" && start()}
  >
    <header class="row">
      <h2 id="form-title" class="grow">${firstAfter === undefined ? t("newRun") : t("first")}</h2>
      ${prefill &&
      html`<button class="small" onClick=${() => write(writtenFrom(prefill.changed))}>
        ${t("fromRun", { run: runName(prefill.id) })}
      </button>`}
      ${changedCount + wrongCount > 0 && html`<button class="small plain" onClick=${() => write({})}>${t("reset")}</button>`}
    </header>
    ${firstAfter !== undefined && html`<${First} bundled=${firstAfter} disabled=${starting || wrongCount > 0} isDefault=${!changedCount && !wrongCount} onStart=${start} />`}
    <div class="settings">${first.fields.map(setting)}</div>
    ${others.map(
      (group) => html`<${More} key=${group.title.en} title=${words(group.title)} names=${group.fields.map((field) => field.name)} needed=${needed(group.fields)}>
        ${group.fields.map(setting)}
      <//>`,
    )}
    <footer>
      ${elsewhere.map(
        (problem) => html`<${Notice} kind="error">${elsewhereText(problem)}<//>`,
      )}
      <div class="go">
        <${Command} text=${command(room.name, room.fields, written)} />
        <span class=${wrongCount ? "count wrong" : "count"} role="status">
          ${wrongCount ? t("wrongCount", { n: wrongCount }) : changedCount ? t("changedCount", { n: changedCount }) : t("allDefaults")}
        </span>
        <button class="primary" disabled=${starting || wrongCount > 0} onClick=${start}>
          ${starting ? html`<${Spinner} label=${t("starting")} /> ${t("starting")}` : t("start")}
        </button>
      </div>
    </footer>
  </section>`;
}

/** @param {{ title: string, names: string[], needed: boolean, children?: any }} props settings that most leave as they are */
function More({ title, names, needed, children }) {
  const [open, setOpen] = useState(needed);
  useEffect(() => {
    if (needed) setOpen(true); // it never closes under the reader's hands
  }, [needed]);
  return html`<details class="more" open=${open} onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary>${title} <span class="fine">${names.join(", ")}</span></summary>
    <div class="settings">${children}</div>
  </details>`;
}

/** @param {Problem} problem with what no field of the form shows @returns {string} */
function elsewhereText(problem) {
  const text = problemText(problem);
  return problem.field.startsWith("config.") && !text.includes(fieldOf(problem)) ? `${fieldOf(problem)}: ${text}` : text;
}

/** @param {Problem} problem @returns {string} the setting's name */
const fieldOf = (problem) => problem.field.replace(/^config\./, "");

/**
 * What is written in the form. It follows the URL, and the URL follows it once the typing pauses.
 * @param {Room} room @param {string | undefined} set
 * @returns {[Written, (written: Written) => void]}
 */
function useWritten(room, set) {
  const [written, setWritten] = useState(() => unpack(set));
  const own = useRef(set ?? null); // what this form put into the URL last
  const settled = useSettled(written, 300);
  useEffect(() => {
    if ((set ?? null) === own.current) return;
    own.current = set ?? null;
    setWritten(unpack(set));
  }, [set]);
  useEffect(() => {
    const packed = pack(room.fields, settled);
    if (packed === own.current || (packed === null && own.current === "")) return;
    own.current = packed;
    go(null, { set: packed }, { replace: true });
  }, [settled]);
  return [written, setWritten];
}

/** @param {{ bundled: RunSummary | null, disabled: boolean, isDefault: boolean, onStart: () => void }} props */
function First({ bundled, disabled, isDefault, onStart }) {
  const training = bundled?.training;
  return html`<div class="first">
    <p>${t("firstWhat")}</p>
    <div class="row">
      <button class="primary" disabled=${disabled} onClick=${onStart}>${isDefault ? t("trainDefaults") : t("start")}</button>
      ${training?.seconds &&
      html`<span class="quiet">
        ${t("firstTakes", { seconds: duration(training.seconds), epochs: countText(training.epochs), parameters: countText(bundled?.parameters) })}
      </span>`}
    </div>
  </div>`;
}
