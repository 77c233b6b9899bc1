// @ts-check
// One task at a time; of what is asked meanwhile only the newest is done next.

/**
 * So that answers follow a drawing as fast as they come, and none is waited for that nobody wants any more.
 * @template T
 * @param {(value: T, wanted: () => boolean) => Promise<void>} work fails never; wanted: not told to forget meanwhile
 * @returns {{ ask: (value: T) => void, forget: () => void }}
 */
export function newest(work) {
  let turn = 0; // of forgetting
  let working = false;
  /** @type {T[]} */
  let waiting = []; // at most one
  /** @param {T} value */
  async function ask(value) {
    waiting = [value];
    if (working) return;
    working = true;
    while (waiting.length) {
      const [next] = waiting;
      const mine = turn;
      waiting = [];
      await work(next, () => mine === turn);
    }
    working = false;
  }
  return { ask: (value) => void ask(value), forget: () => ((turn += 1), (waiting = [])) };
}
