// @ts-check
// Many pictures at once: files that were chosen, or dropped, folders with all that is in them.

/** @typedef {{ name: string, file: File }} Named name: with the folders that it lies in */

const PICTURES = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".avif"];

/** @param {string} name */
const isHidden = (name) => name.split("/").some((part) => part.startsWith("."));

/** @param {string} name */
const isPicture = (name) => PICTURES.some((ending) => name.toLowerCase().endsWith(ending));

/**
 * Pictures by name; hidden files are left alone, others counted.
 * @template {{ name: string }} N @param {N[]} files @returns {{ pictures: N[], others: number }}
 */
export function sorted(files) {
  const seen = files.filter(({ name }) => !isHidden(name));
  const pictures = seen.filter(({ name }) => isPicture(name));
  pictures.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  return { pictures, others: seen.length - pictures.length };
}

/** @param {FileList | null} files @returns {Named[]} */
export const chosen = (files) => [...(files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file }));

/** @param {DataTransfer | null} from @returns {Promise<Named[]>} */
export async function dropped(from) {
  const entries = [...(from?.items ?? [])].map((item) => item.webkitGetAsEntry?.()); // gone as soon as one has waited
  if (!entries.some(Boolean)) return chosen(from?.files ?? null);
  return (await Promise.all(entries.map((entry) => within(entry ?? null)))).flat();
}

/** @param {FileSystemEntry | null} entry @returns {Promise<Named[]>} */
async function within(entry) {
  if (!entry) return [];
  if (entry.isFile) {
    const file = await new Promise((done, failed) => /** @type {FileSystemFileEntry} */ (entry).file(done, failed));
    return [{ name: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) break; // it tells a hundred at a time
    all.push(...some);
  }
  return (await Promise.all(all.map(within))).flat();
}
