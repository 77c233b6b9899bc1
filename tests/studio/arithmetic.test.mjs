// The studio's arithmetic against golden vectors of the Python references (made by tools/golden.py).

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { BEYOND, explain, family, formula } from "../../src/pellucid/studio/look/arithmetic/explain.js";

const GOLDEN = new URL("golden/", import.meta.url);
const read = (file) => JSON.parse(readFileSync(new URL(file, GOLDEN), "utf8"));
const KINDS = read("kinds.json");
const FILES = readdirSync(GOLDEN).filter((file) => file.endsWith(".json") && file !== "kinds.json");

// --- reading golden vectors --------------------------------------------------------------------------------------------

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

// --- what must hold ----------------------------------------------------------------------------------------------------

const close = (a, b) => Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(b), 0.01);

/** The value of an expression computed anew from its sources; each op is one line, so it checks the tree, not itself. */
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

/** The same call, but only the sources can be read. */
function withOnly(call, sources) {
  const allowed = new Set(sources.map(({ arg, index }) => `${arg}|${index}`));
  const guard = (each, path) => {
    if (Array.isArray(each)) return each.map((one, n) => guard(one, [...path, n]));
    if (typeof each !== "object" || !each?.at) return each;
    return { ...each, at: (index) => (assert.ok(allowed.has(`${path}|${index}`), `read [${index}] of ${path.join(".")}, which is no source`), each.at(index)) };
  };
  return {
    ...call,
    args: guard(call.args, ["args"]),
    kwargs: Object.fromEntries(Object.entries(call.kwargs).map(([name, each]) => [name, guard(each, ["kwargs", name])])),
  };
}

for (const file of FILES) {
  for (const golden of cases.filter((each) => each.file === file && !BEYOND[each.kind])) {
    test(`${file.replace(".json", "")}: ${golden.call}`, () => {
      const call = callOf(golden);
      for (const [output, index, value] of cellsOf(golden)) {
        const found = explain(call, index, output);
        assert.ok(found, `no arithmetic for cell [${index}]`);
        const { expression, sources } = found;
        assert.ok(close(expression.value, value), `cell [${index}] of output ${output} is ${value}, not ${expression.value}`);
        assert.ok(close(recomputed(expression, sources), value), `the parts of cell [${index}] do not make ${value}`);
        for (const { arg, index: at, value: read } of sources) assert.ok(Object.is(read, argumentAt(call, arg).at(at)));
        assert.equal(new Set(sources.map(({ arg, index: at }) => `${arg}|${at}`)).size, sources.length, "a source twice");
        assert.ok(Object.is(explain(withOnly(call, sources), index, output).expression.value, expression.value));
      }
      const tex = formula(call);
      assert.ok(tex === null || (tex.split("{").length === tex.split("}").length && !/undefined|\bnull\b|\[object/.test(tex)), tex);
      assert.equal(typeof family(golden.kind), "string");
    });
  }
}
