// @ts-check
// The course as the map shows it: days, how far each room is, and which card lies beside another.

/** @typedef {import("#studio/types.d.ts").Place} Place */
/** @typedef {import("#studio/types.d.ts").RoomState} RoomState */
/** @typedef {keyof typeof import("#studio/map/text.js").TEXT} Sentence */
/** @typedef {{ on: "none" | "some" | "all", key: Sentence, values: Record<string, number> }} Standing */

export const DAYS = /** @type {Place["day"][]} */ ([1, 2, 3, 4, 5, "bonus"]);

/** @param {Place[]} places @returns {{ day: Place["day"], places: Place[] }[]} every day, an empty one too */
export const byDay = (places) => DAYS.map((day) => ({ day, places: places.filter((place) => place.day === day) }));

/** @param {RoomState | null} state @returns {Standing[]} lesson, runs, homework */
export function standing(state) {
  return [lesson(state?.lesson ?? null), runs(state?.runs ?? 0), homework(state?.homework ?? null)];
}

/** @param {RoomState["lesson"]} lesson @returns {Standing} */
function lesson(lesson) {
  if (!lesson?.pages.length) return { on: "none", key: "lessonNone", values: {} };
  const pages = lesson.pages.length;
  const read = lesson.pages.filter((page) => lesson.read.includes(page)).length; // a page may be gone since it was read
  if (read === pages) return { on: "all", key: "lessonAll", values: {} };
  return { on: read ? "some" : "none", key: "lessonSome", values: { read, pages } };
}

/** @param {number} runs @returns {Standing} */
function runs(runs) {
  if (!runs) return { on: "none", key: "runsNone", values: {} };
  return { on: "some", key: runs === 1 ? "runsOne" : "runsSome", values: { runs } };
}

/** @param {RoomState["homework"]} homework @returns {Standing} */
function homework(homework) {
  if (!homework) return { on: "none", key: "homeworkNone", values: {} };
  const { done, total } = homework;
  if (done === total) return { on: "all", key: "homeworkAll", values: {} };
  return { on: done ? "some" : "none", key: "homeworkSome", values: { done, total } };
}

/** @typedef {{ left: number, top: number, width: number, height: number }} Box */

/**
 * Which box lies next to one, in the direction of an arrow key; one straight ahead comes before one aside.
 * @param {Box[]} boxes @param {number} from @param {string} key ArrowLeft, ArrowRight, ArrowUp or ArrowDown
 * @returns {number} its place in the list; -1: none lies there
 */
export function beside(boxes, from, key) {
  const along = key === "ArrowLeft" || key === "ArrowRight" ? "x" : "y";
  const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  let found = -1;
  let least = Infinity;
  for (const [i, box] of boxes.entries()) {
    const by = { x: centre(box).x - centre(boxes[from]).x, y: centre(box).y - centre(boxes[from]).y };
    const ahead = by[along] * sign;
    const aside = Math.abs(by[along === "x" ? "y" : "x"]);
    if (i === from || ahead < 1 || (along === "y" && aside > box.width / 2)) continue;
    if (ahead + aside < least) [found, least] = [i, ahead + aside];
  }
  return found;
}

/** @param {Box} box */
const centre = (box) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
