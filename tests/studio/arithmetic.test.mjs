// The studio's arithmetic against golden vectors of the Python references (made by tools/golden.py).

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";

import { BEYOND, explain, family, formula } from "../../src/pellucid/studio/look/arithmetic/explain.js";

const GOLDEN = new URL("golden/", import.meta.url);
const read = (file) => JSON.parse(readFileSync(new URL(file, GOLDEN), "utf8"));
const KINDS = read("kinds.json");
const KATEX = new URL("../../src/pellucid/studio/vendor/katex/katex.min.js", import.meta.url);
const FILES = readdirSync(GOLDEN).filter((file) => file.endsWith(".json") && file !== "kinds.json");

// --- reading golden vectors -----------------------------------------------------------------------------------------

const NUMBERS = { inf: Infinity, "-inf": -Infinity, nan: NaN };
const number = (each) => (each?.float ? NUMBERS[each.float] : each);

const ravel = (index, shape) => shape.reduce((place, n, d) => place * n + index[d], 0);

function unravel(place, shape) {
  const index = [];
  for (const n of shape.toReversed()) {
    index.unshift(place % n);
    place = Math.floor(place / n);
  }
  return index;
}

function tensor({ shape, dtype, values }) {
  const numbers = values.map(number);
  return {
    shape,
    dtype,
    at(index) {
      assert.ok(index.length === shape.length && index.every((i, d) => Number.isInteger(i) && i >= 0 && i < shape[d]),
        `no cell [${index}] in a tensor of shape [${shape}]`);
      return numbers[ravel(index, shape)];
    },
  };
}

function argument(each) {
  if (Array.isArray(each)) return each.map(argument);
  if (each?.values) return tensor(each);
  return number(each);
}

function callOf(golden) {
  return {
    kind: golden.kind,
    args: golden.args.map(argument),
    kwargs: Object.fromEntries(Object.entries(golden.kwargs).map(([name, each]) => [name, argument(each)])),
    names: [],
    shapes: golden.outputs.map((output) => output?.shape ?? []),
  };
}

/** Every cell whose number is known: [which output, index, number]. */
function* cellsOf(golden) {
  for (const [output, known] of golden.outputs.entries()) {
    if (!known) continue;
    for (const [n, value] of known.values.entries()) {
      yield [output, unravel(known.places ? known.places[n] : n, known.shape), number(value)];
    }
  }
}

const cases = FILES.flatMap((file) => read(file).map((golden) => ({ file, ...golden })));
const argumentAt = (call, path) => path.reduce((found, key) => found[key], call);

// --- what must hold -------------------------------------------------------------------------------------------------

const close = (a, b) => Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(b), 0.01);

/** What the parts of an expression make, from the sources up. */
function recomputed(expr, sources) {
  const of = (expr.of ?? []).map((each) => recomputed(each, sources));
  switch (expr.op) {
    case "source": return sources[expr.source].value;
    case "sum": return of.reduce((a, b) => a + b, 0);
    case "product": return of.reduce((a, b) => a * b, 1);
    case "difference": return of[0] - of[1];
    case "quotient": return of[0] / of[1];
    case "negative": return -of[0];
    case "max": return of.some(Number.isNaN) ? NaN : Math.max(...of);
    case "min": return of.some(Number.isNaN) ? NaN : Math.min(...of);
    case "select": return of[0];
    default: return expr.value; // number, power, compare, call
  }
}

/** Every tensor among the arguments by another one: `change(tensor, path)`. */
function changed(call, change) {
  const visit = (each, path) => {
    if (Array.isArray(each)) return each.map((one, n) => visit(one, [...path, n]));
    return typeof each === "object" && each?.at ? change(each, path) : each;
  };
  const kwargs = Object.entries(call.kwargs).map(([name, each]) => [name, visit(each, ["kwargs", name])]);
  return { ...call, args: visit(call.args, ["args"]), kwargs: Object.fromEntries(kwargs) };
}

/** The same call, in which only the sources can be read: so no other cell can change the result. */
function withOnly(call, sources) {
  const allowed = new Set(sources.map(({ arg, index }) => `${arg}|${index}`));
  return changed(call, (tensor, path) => ({
    ...tensor,
    at(index) {
      assert.ok(allowed.has(`${path}|${index}`), `read [${index}] of ${path.join(".")}, which is no source`);
      return tensor.at(index);
    },
  }));
}

function checkCell(call, index, output, value) {
  const found = explain(call, index, output);
  assert.ok(found, `no arithmetic for cell [${index}]`);
  const { expression, sources } = found;
  assert.ok(close(expression.value, value), `cell [${index}] of output ${output}: ${value}, not ${expression.value}`);
  assert.ok(close(recomputed(expression, sources), value), `the parts of cell [${index}] do not make ${value}`);
  for (const { arg, index: at, value: read } of sources) {
    assert.ok(Object.is(read, argumentAt(call, arg).at(at)), `source [${at}] of ${arg.join(".")} is not ${read}`);
  }
  const different = new Set(sources.map(({ arg, index: at }) => `${arg}|${at}`));
  assert.equal(different.size, sources.length, "the same cell twice among the sources");
  assert.ok(Object.is(explain(withOnly(call, sources), index, output).expression.value, expression.value));
}

for (const { file, ...golden } of cases.filter(({ kind }) => !BEYOND[kind])) {
  test(`${file.replace(".json", "")}: ${golden.call}`, () => {
    const call = callOf(golden);
    for (const [output, index, value] of cellsOf(golden)) checkCell(call, index, output, value);
  });
}

test("every kind with a reference has golden cells, or stands among those beyond", () => {
  const covered = new Set(cases.filter((golden) => !cellsOf(golden).next().done).map(({ kind }) => kind));
  assert.deepEqual(KINDS.filter((kind) => !covered.has(kind) && !BEYOND[kind]), []);
  assert.deepEqual(Object.keys(BEYOND).filter((kind) => !KINDS.includes(kind)), []);
  for (const kind of Object.keys(BEYOND)) assert.equal(explained(kind, [], [0], [2]), null);
});

test("every kind has a family", () => {
  assert.deepEqual(KINDS.filter((kind) => family(kind) === null), []);
  assert.equal(family("no_such_kind"), null);
  assert.equal(family("toString"), null);
});

test("where the family is move, the cell is one cell, or a constant", () => {
  for (const golden of cases.filter(({ kind }) => family(kind) === "move")) {
    if (["_to_copy", "copy", "where"].includes(golden.kind)) continue; // may round to another type; may give places
    for (const [output, index] of cellsOf(golden)) {
      let { expression } = explain(callOf(golden), index, output);
      while (expression.op === "select") [expression] = expression.of;
      assert.ok(["source", "number"].includes(expression.op), `${golden.call}: ${expression.op}`);
    }
  }
});

// --- formulas ----
test("every formula is TeX that KaTeX can set", () => {
  runInThisContext(readFileSync(KATEX, "utf8")); // no module: it leaves a global
  const { katex } = globalThis;
  const formulas = new Set(cases.map((golden) => formula(callOf(golden))).filter((tex) => tex !== null));
  assert.ok(formulas.size > 150);
  for (const tex of formulas) {
    assert.doesNotMatch(tex, /undefined|\bnull\b|\[object/);
    assert.doesNotThrow(() => katex.renderToString(tex, { throwOnError: true, strict: "error" }), tex);
  }
});

const zeros = (...shape) => ({ shape, dtype: "float32", at: () => 0 });
const formulaOf = (kind, args, kwargs = {}) => formula({ kind, args, kwargs, names: [], shapes: [[]] });

test("formulas are in the field's notation", () => {
  const [vector, matrix] = [zeros(4), zeros(4, 4)];
  assert.equal(formulaOf("addmm", [vector, matrix, matrix]), "y_{ij} = b_j + \\sum_k x_{ik}\\, w_{kj}");
  assert.equal(formulaOf("addmm", [matrix, matrix, matrix], { beta: 0.5, alpha: 2 }),
    "y_{ij} = \\beta\\, b_{ij} + \\alpha \\sum_k x_{ik}\\, w_{kj}");
  assert.equal(formulaOf("sigmoid", [vector]), "y = \\sigma(x) = \\frac{1}{1+e^{-x}}");
  assert.equal(formulaOf("permute", [zeros(2, 3, 4), [2, 0, 1]]), "y_{kij} = x_{ijk}");
  assert.equal(formulaOf("select", [zeros(2, 3, 4), 1, -1]), "y_{ik} = x_{i2k}");
  assert.equal(formulaOf("slice", [zeros(9, 2), 0, 2, 9, 3]), "y_{ij} = x_{2 + 3i,\\, j}");
  assert.equal(formulaOf("_softmax", [matrix, -1, false]), "y_i = \\frac{e^{x_i}}{\\sum_j e^{x_j}}");
  assert.equal(formulaOf("diagonal", [matrix, -1]), "y_i = x_{i + 1,\\, i}");
  assert.equal(formulaOf("diagonal", [matrix]), "y_i = x_{ii}");
  assert.equal(formulaOf("diagonal", [matrix, 1]), "y_i = x_{i,\\, i + 1}");
  assert.equal(formulaOf("unfold", [vector, 0, 2, 3]), "y_{ij} = x_{3i + j}");
  assert.equal(formulaOf("tril", [matrix, -1]),
    "y_{ij} = \\begin{cases} x_{ij} & j \\le i - 1 \\\\ 0 & \\text{else} \\end{cases}");
  assert.equal(formulaOf("linalg_vector_norm", [vector, 1]), "y = \\sum_i |x_i|");
  assert.equal(formulaOf("linalg_vector_norm", [vector, 0]), "y = \\sum_i [x_i \\ne 0]");
  assert.equal(formulaOf("linalg_vector_norm", [vector]), "y = \\sqrt{\\sum_i x_i^2}");
  assert.equal(formulaOf("linear", [vector, matrix]), "y_j = \\sum_k x_k\\, w_{jk}");
  assert.equal(formulaOf("linear", [matrix, matrix, vector]), "y_{ij} = b_j + \\sum_k x_{ik}\\, w_{jk}");
  assert.equal(formulaOf("matmul", [vector, matrix]), "y_j = \\sum_k x_k\\, w_{kj}");
  assert.equal(formulaOf("std", [vector]), "y = \\sqrt{\\frac{1}{n - 1} \\sum_i (x_i - \\mu)^2}");
  assert.equal(formulaOf("var", [vector, false]), "y = \\frac{1}{n} \\sum_i (x_i - \\mu)^2");
  assert.equal(formulaOf("mse_loss", [vector, vector]), "L = \\frac{1}{n} \\sum_i \\left[(x - t)^2\\right]");
  assert.equal(formulaOf("layer_norm", [matrix, [4], vector, vector]),
    "y = \\gamma\\, \\frac{x - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}} + \\beta");
  assert.equal(formulaOf("no_such_kind", []), null);
});

test("the formula of a convolution says its stride, padding and dilation", () => {
  const args = (transposed) => [zeros(1, 2, 9), zeros(2, 2, 3), zeros(2), [2], [1], [3], transposed, [0], 1];
  assert.equal(formulaOf("convolution", args(false)),
    "y_{oi} = b_o + \\sum_{c,\\, u} x_{c,\\, 2i + 3u - 1}\\, w_{ocu}");
  assert.equal(formulaOf("convolution", args(true)),
    "y_{oi} = b_o + \\sum_{c,\\; i = 2p + 3u - 1} x_{cp}\\, w_{cou}");
});

// --- how the arithmetic reads ---------------------------------------------------------------------------------------

const values = (shape, numbers, dtype = "float32") => tensor({ shape, dtype, values: numbers });

/** An expression in one line: sources as numbers. */
function written(expr) {
  if (!expr.of) return String(expr.value);
  const of = expr.of.map(written);
  return `${expr.label ? `${expr.label}:` : ""}${expr.name ?? expr.op}(${of.join(", ")})`;
}

const explained = (kind, args, index, shape, kwargs = {}) =>
  explain({ kind, args, kwargs, names: [], shapes: [shape] }, index);

test("addmm is the bias and one product for each k", () => {
  const args = [values([2], [5, 6]), values([1, 3], [1, 2, 3]), values([3, 2], [10, 0, 20, 0, 30, 0])];
  const { expression, sources } = explained("addmm", args, [0, 0], [1, 2]);
  assert.equal(written(expression), "sum(5, product(1, 10), product(2, 20), product(3, 30))");
  assert.equal(expression.value, 145);
  assert.deepEqual(sources[0], { arg: ["args", 0], index: [0], value: 5 });
  assert.deepEqual(sources.slice(1).map(({ arg, index }) => [arg[1], ...index]),
    [[1, 0, 0], [2, 0, 0], [1, 0, 1], [2, 1, 0], [1, 0, 2], [2, 2, 0]]);
});

test("a sigmoid is σ of its cell, a softmax a quotient, a layer norm has μ and σ²", () => {
  assert.equal(written(explained("sigmoid", [values([1], [0])], [0], [1]).expression), "σ(0)");
  const [own, other] = ["exp(difference(1, m:max(1, 3)))", "exp(difference(3, m:max(1, 3)))"];
  assert.equal(written(explained("_softmax", [values([2], [1, 3]), 0, false], [0], [2]).expression),
    `quotient(${own}, Z:sum(${own}, ${other}))`);
  const { expression } = explained("layer_norm", [values([2], [1, 3]), [2]], [1], [2], { eps: 0 });
  assert.equal(written(expression.of[0]), "difference(3, \\mu:quotient(sum(1, 3), 2))");
  assert.match(written(expression.of[1]), /^√\(sum\(\\sigma\^2:quotient\(sum\(power\(difference\(1, /);
  assert.equal(expression.of[0].of[1], expression.of[1].of[0].of[0].of[0].of[0].of[0].of[1], "one μ, shared");
});

test("padding is the number 0 and no source", () => {
  const args = [values([1, 1, 2], [7, 8]), values([1, 1, 3], [1, 2, 3]), null, [1], [1], [1], false, [0], 1];
  const { expression, sources } = explained("convolution", args, [0, 0, 0], [1, 1, 2]);
  assert.equal(written(expression), "sum(product(0, 1), product(7, 2), product(8, 3))");
  assert.equal(expression.of[0].of[0].op, "number");
  assert.equal(sources.filter(({ arg }) => arg[1] === 0).length, 2);
});

test("what picks names the cell that was chosen and those that chose", () => {
  const picked = explained("gather", [values([1, 3], [4, 5, 6]), 1, values([1, 1], [2], "int64")], [0, 0], [1, 1]);
  assert.equal(written(picked.expression), "select(6, 2)");
  assert.deepEqual(picked.sources.map(({ arg }) => arg[1]), [2, 0]);
  const largest = explained("amax", [values([3], [4, 9, 6]), [0]], [], []);
  assert.equal(written(largest.expression), "max(4, 9, 6)");
  const where = explained("where", [values([1], [0], "bool"), values([1], [1]), 2.5], [0], [1]);
  assert.deepEqual(where.sources.map(({ arg }) => arg), [["args", 0]]);
  assert.equal(where.expression.value, 2.5);
});

test("the path of a source leads through lists and keywords", () => {
  const joined = explained("cat", [[values([1], [1]), values([2], [2, 3])]], [2], [3]);
  assert.deepEqual(joined.sources, [{ arg: ["args", 0, 1], index: [1], value: 3 }]);
  const mask = values([1], [1], "bool");
  const masked = explained("masked_fill", [values([1], [1]), mask], [0], [1], { value: values([], [9]) });
  assert.deepEqual(masked.sources.map(({ arg }) => arg), [["args", 1], ["kwargs", "value"]]);
});

test("a causal query has no source behind it", () => {
  const x = () => values([3, 1], [1, 2, 3]);
  const { sources } = explained("scaled_dot_product_attention", [x(), x(), x(), null, 0, true], [1, 0], [3, 1]);
  assert.deepEqual([...new Set(sources.map(({ index }) => index[0]))].sort(), [0, 1]);
});

test("functions and comparisons have names that can be set in a formula", () => {
  const names = new Set();
  const walk = (expr) => {
    if (expr.name) names.add(expr.name);
    (expr.of ?? []).forEach(walk);
  };
  for (const golden of cases) {
    const [cell] = cellsOf(golden);
    const found = cell && explain(callOf(golden), cell[1], cell[0]);
    if (found) walk(found.expression);
  }
  assert.deepEqual([...names].filter((name) => !/^([a-z_0-9]+|[σ√<≤>≥=≠])$/.test(name)), []);
});

// --- where there is none --------------------------------------------------------------------------------------------

test("chance, open ties and too many cells have no arithmetic", () => {
  assert.equal(explained("native_dropout", [values([1], [1]), 0.5, true], [0], [1]), null);
  const dropping = [zeros(1, 1), zeros(1, 1), zeros(1, 1), null, 0.1];
  assert.equal(explained("scaled_dot_product_attention", dropping, [0, 0], [1, 1]), null);
  assert.equal(explained("argsort", [values([2], [1, 1])], [0], [2]), null);
  assert.equal(explained("view", [values([1], [1]), "int32"], [0], [1]), null);
  assert.equal(explained("sum", [zeros(1000, 1000)], [], []), null);
  assert.equal(explained("no_such_kind", [], [], []), null);
});

test("bytes that are not loaded yet: the error goes through", () => {
  const missing = { shape: [2], dtype: "float32", at() { throw new Error("not loaded"); } };
  assert.throws(() => explained("exp", [missing], [0], [2]), /not loaded/);
});
