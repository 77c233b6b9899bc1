// @ts-check
// Tensors of a trace file: small ones whole, large ones by pages, each fetched when a number of it is asked for.

const WHOLE = 1 << 20; // bytes up to which a tensor is read at once
const PAGE = 1 << 16;
const SAMPLES = 8; // places of a tensor read by pages from which its range is estimated

/** @type {Record<string, { bytes: number, array: (buffer: ArrayBuffer) => ArrayLike<number> }>} */
const TYPES = {
  F64: { bytes: 8, array: (buffer) => new Float64Array(buffer) },
  F32: { bytes: 4, array: (buffer) => new Float32Array(buffer) },
  I64: { bytes: 8, array: (buffer) => Float64Array.from(new BigInt64Array(buffer), Number) },
  U64: { bytes: 8, array: (buffer) => Float64Array.from(new BigUint64Array(buffer), Number) },
  I32: { bytes: 4, array: (buffer) => new Int32Array(buffer) },
  U32: { bytes: 4, array: (buffer) => new Uint32Array(buffer) },
  I16: { bytes: 2, array: (buffer) => new Int16Array(buffer) },
  U16: { bytes: 2, array: (buffer) => new Uint16Array(buffer) },
  I8: { bytes: 1, array: (buffer) => new Int8Array(buffer) },
  U8: { bytes: 1, array: (buffer) => new Uint8Array(buffer) },
  BOOL: { bytes: 1, array: (buffer) => new Uint8Array(buffer) },
};

/** @typedef {import("#studio/look/file.js").Source} Source */

/** Thrown where a number is asked for whose bytes are on their way; `wait` resolves when they are there. */
export class Missing extends Error {
  /** @param {Promise<void>} wait */
  constructor(wait) {
    super("these numbers are being read");
    this.wait = wait;
  }
}

/** The bytes of one stored tensor. */
export class Storage {
  /**
   * @param {Source} source @param {string} type @param {number} start in the file @param {number} end
   * @param {() => void} [arrived] is called when a page has come
   */
  constructor(source, type, start, end, arrived = () => {}) {
    if (!TYPES[type]) throw new Error(`tensors of type ${type} cannot be read`);
    this.source = source;
    this.arrived = arrived;
    this.type = TYPES[type];
    this.start = start;
    this.bytes = end - start;
    this.page = this.bytes <= WHOLE ? Math.max(this.bytes, 1) : PAGE;
    /** @type {(ArrayLike<number> | undefined)[]} */
    this.pages = [];
    /** @type {Map<number, Missing>} */
    this.coming = new Map();
  }

  /** @param {number} element @returns {number} */
  at(element) {
    const byte = element * this.type.bytes;
    const number = Math.floor(byte / this.page);
    const page = this.pages[number] ?? this.here(number);
    if (!page) throw this.missing(number);
    return page[(byte - number * this.page) / this.type.bytes];
  }

  /** @param {number} number of a page @returns {ArrayLike<number> | undefined} the page, where the file is in memory */
  here(number) {
    if (!this.source.here) return undefined;
    return (this.pages[number] = this.type.array(this.source.here(...this.range(number))));
  }

  /** @param {number} number of a page @returns {[number, number]} its bytes in the file */
  range(number) {
    const from = number * this.page;
    return [this.start + from, this.start + Math.min(from + this.page, this.bytes)];
  }

  /** @returns {boolean} whether it is read at once */
  get whole() {
    return this.page >= this.bytes;
  }

  /** @param {number} number of a page @returns {Promise<void>} */
  load(number) {
    return this.missing(number).wait;
  }

  /** @param {number} number of a page, which is fetched now if it is not on its way @returns {Missing} always the same while it is: pictures ask thousands of times */
  missing(number) {
    const before = this.coming.get(number);
    if (before) return before;
    const coming = this.source.read(...this.range(number)).then((buffer) => {
      this.pages[number] = this.type.array(buffer);
      this.arrived();
    });
    coming.catch(() => this.coming.delete(number)); // so that it is tried again
    const missing = new Missing(coming);
    this.coming.set(number, missing);
    return missing;
  }
}

/** A tensor over a storage: its own, or a view of another one's. */
export class Tensor {
  /** @param {Storage} storage @param {number[]} shape @param {number} offset @param {number[]} strides @param {string} dtype */
  constructor(storage, shape, offset, strides, dtype) {
    this.storage = storage;
    this.shape = shape;
    this.offset = offset;
    this.strides = strides;
    this.dtype = dtype;
    this.size = shape.reduce((product, n) => product * n, 1);
    /** @type {{ low: number, high: number } | undefined} */
    this._extent = undefined;
  }

  /** @param {number[]} index @returns {number} */
  at(index) {
    let element = this.offset;
    for (let i = 0; i < index.length; i++) element += index[i] * this.strides[i];
    return this.storage.at(element);
  }

  /**
   * The least and the largest finite number; of a tensor read by pages, of a few pages spread over it. Missing where
   * these have not come yet.
   * @returns {{ low: number, high: number }} low > high: there is none
   */
  extent() {
    this._extent ??= extentOf(this);
    return this._extent;
  }
}

/** @param {Tensor} tensor */
function extentOf({ storage, shape, offset, strides, size }) {
  const axes = shape.map((_, axis) => axis).sort((a, b) => strides[b] - strides[a]); // neighbours in the file last
  const [sizes, steps] = [axes.map((axis) => shape[axis]), axes.map((axis) => strides[axis])];
  const element = (/** @type {number} */ n) => unravel(n, sizes).reduce((sum, at, axis) => sum + at * steps[axis], offset);
  const pageOf = (/** @type {number} */ at) => Math.floor((at * storage.type.bytes) / storage.page);
  const starts = storage.whole || !size ? [0] : Array.from({ length: SAMPLES }, (_, k) => Math.floor((k * size) / SAMPLES));
  const missing = size ? starts.map((n) => pageOf(element(n))).filter((page) => !storage.pages[page] && !storage.here(page)) : [];
  if (missing.length) throw new Missing(Promise.all(missing.map((page) => storage.load(page))).then(() => {}));
  let [low, high] = [Infinity, -Infinity];
  for (const start of starts) {
    const page = pageOf(element(start));
    const index = unravel(start, sizes);
    let at = element(start);
    for (let n = start; n < size && pageOf(at) === page; n++) {
      const value = storage.at(at);
      if (value < low && value !== -Infinity) low = value;
      if (value > high && value !== Infinity) high = value;
      for (let axis = sizes.length - 1; axis >= 0; axis--) {
        at += steps[axis];
        if (++index[axis] < sizes[axis]) break;
        index[axis] = 0;
        at -= sizes[axis] * steps[axis];
      }
    }
  }
  return { low, high };
}

/** @param {number[]} shape @returns {number[]} strides in elements of a tensor that lies row by row */
export function contiguous(shape) {
  const strides = new Array(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** @param {number} element @param {number[]} shape @returns {number[]} the index of an element, counted row by row */
export function unravel(element, shape) {
  const index = new Array(shape.length);
  for (let i = shape.length - 1; i >= 0; i--) {
    index[i] = element % shape[i];
    element = Math.floor(element / shape[i]);
  }
  return index;
}
