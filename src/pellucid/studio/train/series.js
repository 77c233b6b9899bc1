// @ts-check
// From the lines of a run's log: curves, progress, time left. A line that a resumed run writes again counts once.

/** @typedef {{ step: number, kind?: string, [name: string]: any }} Line */
/** @typedef {[x: number, y: number][]} Points */
/** @typedef {"epoch" | "step" | "seconds"} Unit what a curve runs over */

const BESIDE = new Set(["step", "kind", "epoch", "epochs", "batch", "batches", "seconds", "learning_rate", "examples", "examples_per_second"]);

/** The lines of one run, in order of steps within each kind. A step that comes again replaces what came since. */
export class Lines {
  /** @type {Line[]} */
  epochs = [];
  /** @type {Line[]} */
  pulses = [];

  /** @param {Line} line */
  add(line) {
    const list = line.kind === "epoch" ? this.epochs : line.kind === "pulse" ? this.pulses : null;
    if (!list) return;
    while (list.length && list[list.length - 1].step >= line.step) list.pop();
    list.push(line);
  }

  /** @returns {Line[]} all, by step; a pulse before the epoch that it ends */
  all() {
    return [...this.pulses, ...this.epochs].sort((a, b) => a.step - b.step || (a.kind === "epoch" ? 1 : -1));
  }
}

/** @param {Line[]} lines @returns {string[]} names of what was measured, in the order of the log */
export const names = (lines) => [
  ...new Set(lines.flatMap((line) => Object.keys(line).filter((name) => !BESIDE.has(name) && typeof line[name] === "number"))),
];

/** @param {Line} line @param {Unit} unit @returns {number} where a line stands on the axis */
export function position(line, unit) {
  if (unit !== "epoch") return line[unit];
  return line.kind === "pulse" ? line.epoch - 1 + line.batch / line.batches : line.epoch;
}

/** @param {Line[]} lines @returns {Unit} epochs, where the run has some */
export const unitOf = (lines) => (lines.every((line) => Number.isFinite(position(line, "epoch"))) ? "epoch" : "step");

/** @param {Line[]} lines @param {string} name @param {Unit} unit @returns {Points} */
export const curve = (lines, name, unit) =>
  lines
    .filter((line) => Number.isFinite(line[name]) && Number.isFinite(position(line, unit)))
    .map((line) => [position(line, unit), line[name]]);

/**
 * Curves that can share an axis: losses, then scores between 0 and 1, then each other one for itself.
 * @param {Line[]} lines @returns {{ kind: "loss" | "scores" | "one", names: string[] }[]}
 */
export function groups(lines) {
  const all = names(lines);
  const losses = all.filter((name) => /loss/.test(name));
  const rest = all.filter((name) => !losses.includes(name));
  const shares = rest.filter((name) => lines.every((line) => !(line[name] < 0) && !(line[name] > 1)));
  const others = rest.filter((name) => !shares.includes(name));
  return /** @type {any[]} */ ([
    { kind: "loss", names: losses },
    { kind: "scores", names: shares },
    ...others.map((name) => ({ kind: "one", names: [name] })),
  ]).filter((group) => group.names.length);
}

/**
 * What was measured inside epochs: whether there are losses, and the lines that hold anything else, without their losses.
 * @param {Line[]} pulses @returns {{ losses: boolean, others: Line[] }}
 */
export const inside = (pulses) => ({
  losses: pulses.some((line) => "loss" in line),
  others: pulses.filter((line) => names([line]).some((name) => name !== "loss")).map((line) => ({ ...line, loss: undefined })),
});

/** @param {Points[]} curves @returns {(number | null | undefined)[][]} one row of x, then a row of y for each curve */
export function align(curves) {
  const xs = [...new Set(curves.flatMap((points) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const place = new Map(xs.map((x, i) => [x, i]));
  const rows = curves.map((points) => {
    /** @type {(number | undefined)[]} */
    const row = new Array(xs.length).fill(undefined);
    for (const [x, y] of points) row[/** @type {number} */ (place.get(x))] = y;
    return row;
  });
  return [xs, ...rows];
}

/**
 * How far a run is.
 * @param {Lines} lines @param {number | null} planned epochs, where the lines do not say
 * @returns {{ epoch: number, epochs: number | null, batch: number | null, batches: number | null, share: number | null,
 *   seconds: number, rate: number | null, loss: number | null, left: number | null, examples: number | null,
 *   doing: import("#studio/types.d.ts").Words | null } | null} null: nothing is known yet; doing: the stage, where it has several
 */
export function progress(lines, planned = null) {
  const pulse = lines.pulses.at(-1);
  const ended = lines.epochs.at(-1);
  const last = !pulse || (ended && ended.step >= pulse.step) ? ended : pulse;
  if (!last) return null;
  const points = shares(lines, planned);
  const inside = last === pulse;
  return {
    epoch: last.epoch ?? 0,
    epochs: last.epochs ?? planned,
    batch: inside ? last.batch : null,
    batches: inside ? last.batches : null,
    share: points.at(-1)?.share ?? null,
    seconds: last.seconds ?? 0,
    rate: (inside && last.doing ? last : pulse)?.examples_per_second ?? null,
    loss: inside ? last.loss : null,
    left: timeLeft(points),
    examples: inside ? (last.examples ?? null) : null,
    doing: inside ? (last.doing ?? null) : null,
  };
}

/** @param {Lines} lines @param {number | null} planned @returns {{ share: number, seconds: number }[]} */
export const shares = (lines, planned) =>
  lines
    .all()
    .map((line) => ({ share: position(line, "epoch") / (line.epochs ?? planned), seconds: line.seconds }))
    .filter((point) => Number.isFinite(point.share) && Number.isFinite(point.seconds));

const WINDOW = 10; // seconds of training, at least, whose pace is taken to last

/**
 * Seconds to the end, by the pace of late; null where there is none yet.
 * @param {{ share: number, seconds: number }[]} points
 */
export function timeLeft(points) {
  const last = points.at(-1);
  if (!last) return null;
  const since = last.seconds - Math.max(WINDOW, last.seconds / 4);
  const from = points.findIndex((point) => point.seconds >= since);
  const first = points[Math.min(from, points.length - 2)]; // at least one before the last, however long ago
  if (!first || last.share <= first.share) return null;
  return (Math.max(0, 1 - last.share) * (last.seconds - first.seconds)) / (last.share - first.share);
}

/**
 * The fields in which runs differ, with each run's value.
 * @param {{ config: Record<string, any> }[]} runs @returns {{ name: string, values: any[] }[]}
 */
export function differences(runs) {
  const fields = [...new Set(runs.flatMap((run) => Object.keys(run.config)))];
  return fields
    .map((name) => ({ name, values: runs.map((run) => run.config[name]) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

/**
 * Rows in the order of a column; what has no value comes last, either way.
 * @template T
 * @param {T[]} rows @param {(row: T) => string | number | null | undefined} key @param {boolean} down largest first
 * @returns {T[]}
 */
export function sorted(rows, key, down) {
  const empty = (/** @type {any} */ value) => value === null || value === undefined || value === "" || Number.isNaN(value);
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (empty(x) || empty(y)) return Number(empty(x)) - Number(empty(y));
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "en", { numeric: true });
    return down ? -order : order;
  });
}
