// @ts-check
// The bytes of a trace file: in memory, or on the server, of which only the blocks are fetched that are asked for.

/** @typedef {(start: number, end: number) => Promise<ArrayBuffer>} Read bytes of the file, end excluded */
/** here: the same at once, where the file is in memory. @typedef {{ read: Read, here?: (start: number, end: number) => ArrayBuffer }} Source */

const ALL_AT_ONCE = 6_000_000; // bytes up to which a file is fetched whole
const BLOCK = 1 << 18;
const MOST_BLOCKS = 256; // that are kept: 64 MB

/** @param {ArrayBuffer} buffer @returns {Source} */
export const inMemory = (buffer) => ({
  read: async (start, end) => buffer.slice(start, end),
  here: (start, end) => buffer.slice(start, end),
});

/** @param {string} url @param {number} bytes @returns {Promise<Source>} a file on the server */
export async function remote(url, bytes) {
  if (bytes <= ALL_AT_ONCE) return inMemory(await (await answered(fetch(url))).arrayBuffer());
  return byBlocks(
    async (start, end) => (await answered(fetch(url, { headers: { Range: `bytes=${start}-${end - 1}` } }))).arrayBuffer(),
    bytes,
  );
}

/** @param {Promise<Response>} asked */
async function answered(asked) {
  const response = await asked;
  if (!response.ok) throw new Error(`the trace could not be read (HTTP ${response.status})`);
  return response;
}

/**
 * A source that fetches whole blocks and keeps them: many small tensors that lie side by side come together.
 * @param {Read} fetched @param {number} bytes of the file @returns {Source}
 */
export function byBlocks(fetched, bytes) {
  /** @type {Map<number, Promise<ArrayBuffer>>} */
  const kept = new Map(); // in order of use

  /** Ask at once for neighbours that are not there. @param {number} first @param {number} last */
  const ask = (first, last) => {
    const coming = fetched(first * BLOCK, Math.min((last + 1) * BLOCK, bytes));
    for (let block = first; block <= last; block++) {
      const part = coming.then((buffer) => buffer.slice((block - first) * BLOCK, (block - first + 1) * BLOCK));
      part.catch(() => kept.delete(block)); // so that it is tried again
      kept.set(block, part);
    }
  };

  return {
    async read(start, end) {
      const [first, last] = [Math.floor(start / BLOCK), Math.ceil(end / BLOCK) - 1];
      for (let block = first; block <= last; block++) {
        if (kept.has(block)) continue;
        let until = block;
        while (until < last && !kept.has(until + 1)) until++;
        ask(block, until);
        block = until;
      }
      const parts = [];
      for (let block = first; block <= last; block++) {
        const part = /** @type {Promise<ArrayBuffer>} */ (kept.get(block));
        kept.delete(block);
        kept.set(block, part);
        parts.push(part);
      }
      for (const block of kept.keys()) {
        if (kept.size <= MOST_BLOCKS) break;
        kept.delete(block);
      }
      return joined(await Promise.all(parts), start - first * BLOCK, end - start);
    },
  };
}

/** @param {ArrayBuffer[]} parts @param {number} offset @param {number} length @returns {ArrayBuffer} */
function joined(parts, offset, length) {
  if (parts.length === 1) return parts[0].slice(offset, offset + length);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return whole.buffer.slice(offset, offset + length);
}
