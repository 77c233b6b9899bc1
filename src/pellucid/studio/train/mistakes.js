// @ts-check
// The mistakes in a confusion matrix, the commonest first.

/** @param {readonly (readonly number[])[]} matrix rows are the truth @returns {{ truth: number, answer: number, count: number }[]} */
export const mistakes = (matrix) =>
  matrix
    .flatMap((row, truth) => row.map((count, answer) => ({ truth, answer, count })))
    .filter(({ truth, answer, count }) => truth !== answer && count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.answer - b.answer);
