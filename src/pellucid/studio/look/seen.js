// @ts-check
// What one cell of a convolution or a pooling saw: the window in the picture before it, channel by channel, without drawing.
import { argumentsOf, family } from "#studio/look/arithmetic/explain.js";
import { perAxis } from "#studio/look/arithmetic/indices.js";
import { callOf, producerOf } from "#studio/look/cell.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/trace.js").Node} Node */
/**
 * @typedef {object} Geometry of a window that slides over a picture
 * @property {"convolution" | "max" | "mean"} sort
 * @property {string} input id of the value that it slides over
 * @property {string | null} weight id of the kernels
 * @property {string | null} bias
 * @property {[rows: number, columns: number]} size of the picture
 * @property {[rows: number, columns: number]} kernel
 * @property {[rows: number, columns: number]} stride
 * @property {[rows: number, columns: number]} padding zeros on each side
 * @property {[rows: number, columns: number]} dilation
 * @property {number} groups of channels
 * @property {"same" | "valid" | "padded"} border what padding does: the sides stay, there is none, or some other number of zeros
 */
/**
 * @typedef {object} Seen
 * @property {Geometry} geometry
 * @property {number[]} rows of the picture that the window covers; outside of it where it lies in the padding
 * @property {number[]} columns
 * @property {number[]} lead index of the picture in a batch
 * @property {number[]} channels of the picture that take part
 * @property {(channel: number) => (number | null)[][]} pixels null: in the padding
 * @property {(channel: number) => number[][]} weights of a convolution
 * @property {number[]} sums of each channel's products
 * @property {number} bias
 * @property {number} value the result
 * @property {[row: number, column: number] | null} winner of a max pooling, in the picture
 */

/** @type {WeakMap<Trace, Map<string, Geometry | null>>} */
const known = new WeakMap();

/**
 * @param {Trace} trace @param {Node | undefined} node
 * @returns {Geometry | null} null: it is no window that slides over the rows and columns of a picture
 */
export function geometry(trace, node) {
  if (!node) return null;
  let all = known.get(trace);
  if (!all) known.set(trace, (all = new Map()));
  let found = all.get(node.id);
  if (found === undefined) all.set(node.id, (found = windowOf(trace, node)));
  return found;
}

/** @param {Trace} trace @param {Node} node @returns {Geometry | null} */
function windowOf(trace, node) {
  const pooling = /^(max|avg)_pool2d/.exec(node.kind);
  if (!pooling && family(node.kind) !== "convolution") return null;
  const named = argumentsOf(callOf(trace, node));
  const { x, weight } = named ?? {};
  if (!x || (!pooling && (weight?.ndim !== 4 || named?.transposed))) return null;
  /** @param {any} value @returns {[number, number]} */
  const pair = (value) => /** @type {[number, number]} */ (perAxis(value, 2));
  const kernel = pair(pooling ? named?.kernel_size : weight.shape.slice(-2));
  const given = named?.stride;
  const stride = given === null || given === undefined || given.length === 0 ? kernel : pair(given);
  const [padding, dilation] = [pair(named?.padding ?? 0), pair(named?.dilation ?? 1)];
  const keeps = kernel.every((k, d) => 2 * padding[d] === dilation[d] * (k - 1) && stride[d] === 1);
  const ids = (/** @type {any} */ operand) => (operand ? idAt(node, operand.path) : null);
  return {
    sort: pooling ? (pooling[1] === "max" ? "max" : "mean") : "convolution",
    input: /** @type {string} */ (ids(x)), weight: ids(weight), bias: ids(named?.bias),
    size: /** @type {[number, number]} */ (x.shape.slice(-2)), kernel, stride, padding, dilation, groups: named?.groups ?? 1,
    border: padding.every((p) => p === 0) ? "valid" : keeps ? "same" : "padded",
  };
}

/** @param {Node} node @param {(string | number)[]} path @returns {string | null} */
function idAt(node, path) {
  /** @type {any} */
  let found = node;
  for (const step of path) found = found?.[step];
  return found?.value ?? null;
}

/**
 * @param {Trace} trace @param {Node | undefined} node @param {number[]} index of its (first) result
 * @returns {Seen | null} throws Missing while numbers load
 */
export function seenBy(trace, node, index) {
  const found = geometry(trace, node);
  const x = found && trace.tensor(found.input);
  if (!node || !found || !x || index.length < 3) return null;
  const [channel, row, column] = index.slice(-3);
  const lead = index.slice(0, -3);
  const along = (/** @type {number} */ place, /** @type {number} */ d) =>
    Array.from({ length: found.kernel[d] }, (_, k) => place * found.stride[d] - found.padding[d] + k * found.dilation[d]);
  const [rows, columns] = [along(row, 0), along(column, 1)];
  const there = (/** @type {number} */ r, /** @type {number} */ c) => r >= 0 && c >= 0 && r < found.size[0] && c < found.size[1];
  const pixels = (/** @type {number} */ each) => rows.map((r) => columns.map((c) => (there(r, c) ? x.at([...lead, each, r, c]) : null)));
  const kernels = found.weight ? trace.tensor(found.weight) : null;
  const value = trace.tensor(node.outputs?.[0] ?? "")?.at(index) ?? Number.NaN;
  const base = { geometry: found, rows, columns, lead, pixels, value };
  if (found.sort !== "convolution" || !kernels) return pooled(base, channel);
  const inputs = kernels.shape[1];
  const first = Math.floor(channel / (kernels.shape[0] / found.groups)) * inputs;
  const channels = Array.from({ length: inputs }, (_, n) => first + n);
  const weights = (/** @type {number} */ each) => rows.map((_, u) => columns.map((_, v) => kernels.at([channel, each - first, u, v])));
  const sums = channels.map((each) => total(products(pixels(each), weights(each))));
  const bias = found.bias ? (trace.tensor(found.bias)?.at([channel]) ?? 0) : 0;
  return { ...base, channels, weights, sums, bias, winner: null };
}

/** @param {Omit<Seen, "channels" | "weights" | "sums" | "bias" | "winner">} base @param {number} channel @returns {Seen} */
function pooled(base, channel) {
  const { rows, columns, geometry: { sort } } = base;
  const seen = base.pixels(channel);
  let [best, winner] = [-Infinity, /** @type {[number, number] | null} */ (null)];
  seen.forEach((line, u) => line.forEach((value, v) => {
    if (value !== null && (value > best || winner === null)) [best, winner] = [value, [rows[u], columns[v]]];
  }));
  return { ...base, channels: [channel], weights: () => [], sums: [total(seen)], bias: 0, winner: sort === "max" ? winner : null };
}

/** @param {(number | null)[][]} pixels @param {number[][]} weights @returns {number[][]} */
export const products = (pixels, weights) => pixels.map((line, u) => line.map((value, v) => (value ?? 0) * weights[u][v]));

/** @param {(number | null)[][]} rows */
const total = (rows) => rows.flat().reduce((/** @type {number} */ sum, value) => sum + (value ?? 0), 0);

/**
 * The cells that a pixel goes into: every place whose window covers it, in every channel of its group.
 * @param {Geometry} slides @param {number[]} shape of the result @param {number[]} pixel of the picture, its channel first
 * @param {number} channels of the picture @returns {number[][]} channel, row, column
 */
export function goesInto(slides, shape, [channel, ...at], channels) {
  const reached = at.map((pixel, d) => {
    const first = Array.from({ length: slides.kernel[d] }, (_, k) => (pixel + slides.padding[d] - k * slides.dilation[d]) / slides.stride[d]);
    return first.filter((place) => Number.isInteger(place) && place >= 0 && place < shape[d - 2 + shape.length]);
  });
  const outputs = shape[shape.length - 3];
  const part = Math.floor(channel / (channels / slides.groups));
  const size = slides.sort === "convolution" ? outputs / slides.groups : 1;
  const first = slides.sort === "convolution" ? part * size : channel;
  const into = Array.from({ length: size }, (_, n) => first + n);
  return into.flatMap((each) => reached[0].flatMap((row) => reached[1].map((column) => [each, row, column])));
}

/**
 * What is made of a cell next, number by number: batch norm, activation, while there is one user of the same shape.
 * @param {Trace} trace @param {string} value @param {number[]} index
 * @returns {{ node: Node, value: number }[]}
 */
export function goesOn(trace, value, index) {
  const found = [];
  for (let id = value; found.length < 4; ) {
    const users = trace.uses.get(id) ?? [];
    const [node] = users;
    const output = trace.values.get(node?.outputs?.[0] ?? "");
    const alone = users.length === 1 && (node.args ?? []).filter((each) => computed(trace, each)).length === 1;
    const pointwise = alone && (family(node.kind) === "elementwise" || /batch_norm/.test(node.kind));
    if (!pointwise || output?.shape.join() !== trace.values.get(id)?.shape.join()) break;
    const at = trace.tensor(output?.id ?? "")?.at(index);
    if (at === undefined || !output) break;
    found.push({ node, value: at });
    id = output.id;
  }
  return found;
}

/** @param {Trace} trace @param {any} argument */
const computed = (trace, argument) => typeof argument?.value === "string" && producerOf(trace, argument.value) !== undefined;
