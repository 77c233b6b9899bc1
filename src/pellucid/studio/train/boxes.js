// @ts-check
// One setting of the form: its name, what it is, its control by kind, its bounds, and what is wrong with it.
import { html } from "#studio/ui/dom.js";
import { Segmented } from "#studio/ui/parts.js";
import { words } from "#studio/ui/text.js";
import { asText, changed, rule, stepped } from "#studio/train/fields.js";
import { limitText, problemText, settingText, t } from "#studio/train/names.js";

/** @typedef {import("#studio/types.d.ts").ConfigField} ConfigField */
/** @typedef {import("#studio/train/fields.js").Rule} Rule */

const MOST_SEGMENTS = 26; // characters of all choices together that still stand side by side

/**
 * @param {{ field: ConfigField, written: string, problem: { code?: string, limit?: any, message?: string } | undefined,
 *   onWrite: (text: string) => void }} props
 */
export function Setting({ field, written, problem, onWrite }) {
  const id = `setting-${field.name}`;
  const rules = rule(field.json_schema);
  const isChanged = changed(field, written);
  const standard = settingText(field.default);
  return html`<div class=${`setting ${isChanged ? "changed" : ""} ${problem ? "wrong" : ""}`}>
    <div class="head">
      <label for=${sideBySide(rules) ? undefined : id}>${field.name}</label>
      ${isChanged &&
      html`<button
        type="button"
        class="plain back"
        aria-label=${t("backToLabel", { name: field.name, value: standard })}
        onClick=${() => onWrite("")}
      >
        <span aria-hidden="true">↺</span> ${t("backTo", { value: standard })}
      </button>`}
    </div>
    <${Control} field=${field} rules=${rules} id=${id} written=${written} wrong=${Boolean(problem)} onWrite=${onWrite} />
    <p class="help" id=${`${id}-help`}>${words(field.about)}${bounds(rules) && html` <span class="bounds">${bounds(rules)}</span>`}</p>
    <p class="problem" id=${`${id}-problem`} aria-live="polite">${problem && problemText(problem)}</p>
  </div>`;
}

/** @param {{ field: ConfigField, rules: Rule, id: string, written: string, wrong: boolean, onWrite: (text: string) => void }} props */
function Control({ field, rules, id, written, wrong, onWrite }) {
  const said = { id, "aria-describedby": `${id}-help ${id}-problem`, "aria-invalid": wrong ? "true" : undefined };
  const now = written.trim() === "" ? asText(field.default) : written.trim();
  if (rules.kind === "boolean")
    return html`<span class="switch">
      <input
        ...${said}
        type="checkbox"
        role="switch"
        checked=${now === "true"}
        onChange=${(/** @type {any} */ event) => onWrite(String(event.currentTarget.checked))}
      />
      <span aria-hidden="true">${now === "true" ? t("on") : t("off")}</span>
    </span>`;
  if (rules.kind === "choice") {
    const texts = rules.choices.map(String);
    if (sideBySide(rules))
      return html`<${Segmented} label=${field.name} value=${now} onChange=${onWrite} options=${texts.map((value) => ({ value, title: value }))} />`;
    return html`<select ...${said} value=${now} onChange=${(/** @type {any} */ event) => onWrite(event.currentTarget.value)}>
      ${texts.map((text) => html`<option key=${text} value=${text}>${text}</option>`)}
    </select>`;
  }
  const isNumber = rules.kind === "integer" || rules.kind === "number";
  return html`<input
    ...${said}
    type="text"
    class=${isNumber ? "number" : "words"}
    inputmode=${rules.kind === "integer" ? "numeric" : isNumber ? "decimal" : "text"}
    autocomplete="off"
    autocapitalize="off"
    spellcheck=${false}
    placeholder=${asText(field.default) || t("empty")}
    value=${written}
    onInput=${(/** @type {any} */ event) => onWrite(event.currentTarget.value)}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
      const direction = { ArrowUp: /** @type {const} */ (1), ArrowDown: /** @type {const} */ (-1) }[event.key];
      if (!isNumber || !direction) return;
      event.preventDefault();
      onWrite(stepped(field, written, direction));
    }}
  />`;
}

/** @param {Rule} rules @returns {boolean} few short choices, which all fit beside each other */
const sideBySide = ({ kind, choices }) => kind === "choice" && choices.join("").length + 3 * choices.length <= MOST_SEGMENTS;

/** @param {Rule} rules @returns {string} what a number may be */
function bounds({ minimum, maximum, above, below }) {
  if (minimum !== undefined && maximum !== undefined) return t("between", { from: limitText(minimum), to: limitText(maximum) });
  return [
    minimum !== undefined && t("atLeast", { from: limitText(minimum) }),
    above !== undefined && t("moreThan", { from: limitText(above) }),
    maximum !== undefined && t("atMost", { to: limitText(maximum) }),
    below !== undefined && t("lessThan", { to: limitText(below) }),
  ]
    .filter(Boolean)
    .join(t("and"));
}
