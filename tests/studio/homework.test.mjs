// What a card of the map says of a room's homework.
import assert from "node:assert/strict";
import test from "node:test";

import { standing } from "../../src/pellucid/studio/map/course.js";

/** @param {unknown} homework */
const said = (homework) => standing(/** @type {any} */ ({ lesson: null, runs: 0, homework }))[2];

test("homework is none, begun, or done", () => {
  assert.deepEqual(said(null), { on: "none", key: "homeworkNone", values: {} });
  assert.deepEqual(said({ done: 0, total: 5 }), { on: "none", key: "homeworkSome", values: { done: 0, total: 5 } });
  assert.deepEqual(said({ done: 2, total: 5 }), { on: "some", key: "homeworkSome", values: { done: 2, total: 5 } });
  assert.deepEqual(said({ done: 5, total: 5 }), { on: "all", key: "homeworkAll", values: {} });
});
