// @ts-check
// One run, watched: how far it is, its curves and scores as they come, its log, and what can be done with it.
import { html, useEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { useKeys } from "#studio/ui/keys.js";
import { said } from "#studio/ui/http.js";
import { Menu, Notice, ProgressBar, Spinner } from "#studio/ui/parts.js";
import { duration, when, words as inWords } from "#studio/ui/text.js";
import { go, hidden, link } from "#studio/ui/url.js";
import { remove, resume, startFrom, stop, use } from "#studio/train/actions.js";
import { Command } from "#studio/train/command.js";
import { Curves } from "#studio/train/curves.js";
import { Evaluate } from "#studio/train/evaluate.js";
import { Log } from "#studio/train/log.js";
import { Changes, State } from "#studio/train/marks.js";
import { countText, runName, scoreName, scoreText, settingText, t } from "#studio/train/names.js";
import { curve, groups, inside, names, progress, unitOf } from "#studio/train/series.js";
import { useRun } from "#studio/train/stream.js";

/** @typedef {import("#studio/types.d.ts").Room} Room */
/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */
/** @typedef {import("#studio/train/series.js").Lines} Lines */

/**
 * @param {{ room: Room, listed: RunSummary, selected: boolean, query: Record<string, string> }} props
 * listed: as the list of runs has it. selected: the tabs show it
 */
export function Live({ room, listed, selected, query }) {
  const [turn, setTurn] = useState(0);
  const [askedIn, setAskedIn] = useState("");
  const watched = useRun(room.name, listed.id, turn);
  const run = watched.summary ?? listed;
  const at = useMemo(() => progress(watched.lines, run.config.epochs ?? null), [watched.version, run.id]);
  const [logOpen, setLogOpen] = useState(false);
  const troubled = run.state === "failed" || run.state === "died";
  useEffect(() => setLogOpen(troubled), [run.id, troubled]);
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const box = title.current?.getBoundingClientRect();
    if (!box || (box.top >= 0 && box.bottom <= innerHeight)) return;
    title.current?.scrollIntoView({ block: "center" });
    title.current?.focus({ preventScroll: true });
  }, [run.id]);

  const moves = run.state === "training" || run.state === "queued";
  const goesOn = !moves && run.state !== "done" && !run.bundled;
  const now = `${run.id} ${run.state}`;
  const asked = askedIn === now; // with the next state one can ask again, from its first moment on
  useEffect(() => setAskedIn(""), [now]);
  const stopping = asked || run.stopping;
  const act = async () => {
    if (stopping || !(moves || goesOn)) return;
    setAskedIn(now);
    const answer = await (moves ? stop : resume)(room.name, run.id);
    if (!answer) setAskedIn("");
    else if (goesOn) setTurn(turn + 1);
  };
  useKeys(t("keys"), { s: [t("keyStop"), act], l: [t("keyLog"), () => setLogOpen(!logOpen)] });

  return html`<section class="sheet live" aria-labelledby="live-title">
    <header class="row">
      <div class="grow">
        <h2 id="live-title" tabindex="-1" ref=${title}>${runName(run.id)} <${State} run=${run} /></h2>
        <p class="about"><${Changes} run=${run} /> <span>${run.bundled ? t("bundledAbout") : when(run.started)}</span></p>
      </div>
      ${moves &&
      html`<button disabled=${stopping} onClick=${act}>
        ${stopping ? html`<${Spinner} label=${t("stopping")} /> ${t("stopping")}` : t("stop")}
      </button>`}
      ${goesOn &&
      html`<button class=${run.state === "failed" ? "" : "primary"} disabled=${asked} onClick=${act}>
        ${asked ? t("starting") : t("resume")}
      </button>`}
      ${troubled &&
      html`<button class=${run.state === "failed" ? "primary" : ""} onClick=${() => startFrom(room, run)}>${t("changeSettings")}</button>`}
      ${run.state === "done" && html`<${Next} room=${room.name} run=${run} query=${query} first="button primary" other="button" />`}
      ${!moves && html`<${More} room=${room} run=${run} selected=${selected} query=${query} />`}
      <button onClick=${() => go(null, { watch: null })}>${t("another")}</button>
    </header>
    <${Standing} run=${run} at=${at} connected=${watched.connected} />
    ${(run.state === "training" || at) && html`<${Pictures} lines=${watched.lines} version=${watched.version} />`}
    ${run.answers && !moves && html`<${Evaluate} room=${room.name} id=${run.id} />`}
    <div class="below">
      ${(run.state === "training" || at) && html`<${Scores} lines=${watched.lines} best=${run.training?.best_epoch ?? null} waiting=${moves} />`}
      <div class="stack">
        ${(!run.bundled || watched.log.length > 0) && html`<${Log} lines=${watched.log} open=${logOpen} onOpen=${setLogOpen} />`}
        <${Settings} run=${run} />
      </div>
    </div>
  </section>`;
}

/**
 * Where to go with trained weights.
 * @param {{ room: string, run: RunSummary, query: Record<string, string>, first?: string, other?: string }} props classes of the links
 */
const Next = ({ room, run, query, first, other }) =>
  html`${hidden(query, "look") || html`<a class=${first} ...${link(`/${room}/look`, { run: run.id })}>${t("lookInside")}</a>`}
    ${hidden(query, "try") || html`<a class=${other} ...${link(`/${room}/try`, { run: run.id })}>${t("tryIt")}</a>`}`;

/** @param {{ room: Room, run: RunSummary, selected: boolean, query: Record<string, string> }} props */
const More = ({ room, run, selected, query }) =>
  html`<${Menu} title=${t("otherwise")} label=${t("actions", { run: runName(run.id) })} align="right">
    ${run.answers && run.state !== "done" && html`<${Next} room=${room.name} run=${run} query=${query} />`}
    ${run.answers && !selected && html`<button onClick=${() => use(run)}>${t("use")}</button>`}
    <button onClick=${() => startFrom(room, run)}>${t("useSettings")}</button>
    ${!run.bundled && html`<button class="danger" onClick=${() => remove(room.name, [run.id])}>${t("delete")}</button>`}
  <//>`;

/** @param {{ run: RunSummary }} props all of them, and the command that trains the same */
const Settings = ({ run }) =>
  html`<details class="settings-of">
    <summary>${t("settings")} <span class="fine">${t("changedCount", { n: Object.keys(run.changed).length })}</span></summary>
    <dl>
      ${Object.entries(run.config).map(
        ([name, value]) => html`<div key=${name} class=${name in run.changed ? "changed" : ""}><dt>${name}</dt><dd>${settingText(value)}</dd></div>`,
      )}
    </dl>
    ${run.command && html`<${Command} text=${run.command} />`}
  </details>`;

/** @param {{ run: RunSummary, at: ReturnType<typeof progress>, connected: boolean }} props how it stands, in a bar and in words */
function Standing({ run, at, connected }) {
  if (run.state === "failed" || run.state === "died") {
    const [what, todo] = run.state === "failed" ? [t("failedSaid"), t("failedDo")] : [t("diedSaid"), t("diedDo")];
    return html`<${Notice} kind="error">
      <strong>${what}</strong>
      ${run.state === "failed" && run.error && html`<code class="last">${said({ message: run.error, zh: run.error_zh })}</code>`}
      <span class="todo"> ${todo}</span>
    <//>`;
  }
  if (run.state === "queued")
    return html`<${Notice}>${run.place ? t("queuedAs", { n: run.place }) : t("queuedSoon")}<//>`;
  if (run.state === "done") {
    const { epochs, seconds, best_epoch: best } = run.training ?? {};
    if (!epochs) return null;
    return html`<p class="standing">
      <span>${t("doneSaid", { epochs: countText(epochs), seconds: duration(seconds) })}</span>
      ${best && html`<span>${t("doneBest", { epoch: best })}</span>`}
      ${run.training?.examples_per_second && html`<span>${t("rate", { n: countText(Math.round(run.training.examples_per_second)) })}</span>`}
      ${run.parameters && html`<span>${countText(run.parameters)} ${t("parameters")}</span>`}
    </p>`;
  }
  const stopped = run.state === "interrupted";
  const words = at ? standing(at, run, stopped) : [t(stopped ? "interruptedSaid" : "preparing")];
  return html`<div>
    <${ProgressBar} value=${at?.share ?? (stopped ? 0 : null)} label=${t("progressLabel")} />
    <p class="standing">
      ${words.map((word) => html`<span>${word}</span>`)}
      ${!connected && html`<span class="lost" role="status"><${Spinner} label="" /> ${t("reconnecting")}</span>`}
    </p>
    ${stopped && at && html`<p class="quiet">${t("interruptedSaid")}</p>`}
  </div>`;
}

/** @param {NonNullable<ReturnType<typeof progress>>} at @param {RunSummary} run @param {boolean} stopped @returns {string[]} */
function standing(at, run, stopped) {
  const words = at.doing
    ? [inWords(at.doing)]
    : [at.epochs ? t("epochOf", { epoch: at.epoch, epochs: at.epochs }) : t("epochOnly", { epoch: at.epoch })];
  if (!at.doing && at.batch && at.batches) words.push(t("batchOf", { batch: countText(at.batch), batches: countText(at.batches) }));
  if (at.examples) words.push(t("examplesSoFar", { n: countText(at.examples) }));
  words.push(t("spent", { time: duration(at.seconds) }));
  if (stopped) return words;
  if (at.left !== null) words.push(t(run.config.patience ? "leftAtMost" : "left", { time: duration(Math.max(1, Math.round(at.left))) }));
  if (at.rate) words.push(t("rate", { n: countText(Math.round(at.rate)) }));
  return words;
}

/** @param {{ lines: Lines, version: number }} props a picture for each group of curves that share an axis */
function Pictures({ lines, version }) {
  const pictures = useMemo(() => {
    const unit = unitOf(lines.epochs);
    const { losses, others } = inside(lines.pulses);
    const found = groups([...lines.epochs, ...others]);
    if (losses && found[0]?.kind !== "loss") found.unshift({ kind: "loss", names: [] });
    if (!found.length) found.push({ kind: "loss", names: [] }, { kind: "scores", names: [] });
    return found.map((group) => {
      const curves = group.names.map((name, i) => ({ label: scoreName(name), points: curve([...others, ...lines.epochs], name, unit), style: i }));
      if (group.kind === "loss" && losses)
        curves.push({ label: scoreName("loss"), points: curve(lines.pulses, "loss", unit), style: 3, ...THIN });
      return { title: group.kind === "one" ? scoreName(group.names[0]) : t(group.kind), unit, curves };
    });
  }, [lines, version]);
  return html`<div class="pictures">
    ${pictures.map((picture) => html`<${Curves} key=${picture.title} ...${picture} />`)}
  </div>`;
}

const THIN = { thin: true };
const FEW = 5; // epochs that are shown at once

/** @param {{ lines: Lines, best: number | null, waiting: boolean }} props */
function Scores({ lines, best, waiting }) {
  const [all, setAll] = useState(false);
  const rows = [...lines.epochs].reverse();
  if (!rows.length) return waiting ? html`<p class="quiet">${t("noScores")}</p>` : null;
  const columns = names(rows);
  const shown = all ? rows : rows.slice(0, FEW);
  return html`<div class="scores">
    <h3 id="scores-title">${t("newest")}</h3>
    <div class="scroll-x" tabindex="0" role="region" aria-labelledby="scores-title">
      <table class="data">
        <thead>
          <tr>
            <th class="num">${t("epoch")}</th>
            ${columns.map((name) => html`<th class="num">${scoreName(name)}</th>`)}
            <th class="num">${t("time")}</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (line) => html`<tr key=${line.step} class=${line.epoch === best ? "best" : ""}>
              <th scope="row" class="num">${line.epoch === best && html`<span class="mark">${t("best")}</span>`} ${line.epoch ?? line.step}</th>
              ${columns.map((name) => html`<td class="num">${scoreText(line[name])}</td>`)}
              <td class="num">${line.seconds === undefined ? "" : duration(line.seconds)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${rows.length > FEW &&
    html`<button class="plain small" onClick=${() => setAll(!all)}>${all ? t("fewEpochs") : t("allEpochs", { n: rows.length })}</button>`}
  </div>`;
}
