import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

// Where things are in an LMDB file of format 2. Two pages of the same form come first, of which the
// younger counts; each names the roots of two trees, one of free pages and one of entries.
const MAGIC = 0xbeefc0de;
const FORMAT = 2;
const META = 24;
const PAGE_SIZE = META + 24;
const FREE_TREE = META + 24;
const ENTRY_TREE = META + 72;
const LAST_PAGE = META + 120;
const TRANSACTION = META + 128;
// A tree.
const COUNT = 32;
const ROOT = 40;
const NO_ROOT = 2 ** 64;
// A page: its own number, what it is, and where its nodes are, counted from the first such number.
const FLAGS = 18;
const LOWER = 20;
const NODES = 24;
const IS_BRANCH = 1;
const IS_LEAF = 2;
const IS_OVERFLOW = 4;
const IS_META = 8;
// A node.
const NODE_FLAGS = 4;
const KEY_SIZE = 6;
const KEY = 8;
const IS_FAR = 1;

const DEEPEST = 32;
/** Pages that were given back before they were written need not be there. */
const UNUSED_AT_THE_END = 256 * 1024;

/**
 * Whether LMDB may be let near this file. It maps the file and believes it: one that was cut short
 * or partly overwritten does not fail, it takes the whole process down or has lost entries. So all
 * pages that can be reached are looked at, and the entries in them counted. Above `mostBytes` only
 * the beginning is.
 */
export function looksLikeAnIndex(path: string, mostBytes: number): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    const { size } = fstatSync(fd);
    const meta = youngerMeta(fd);
    if (!meta) return false;
    const missing = number(meta, LAST_PAGE) * meta.readUInt32LE(PAGE_SIZE) - size;
    if (size > mostBytes) return missing < UNUSED_AT_THE_END;
    return [FREE_TREE, ENTRY_TREE].every((tree) => isWholeTree(fd, meta, tree));
  } catch {
    return false; // an offset that points nowhere
  } finally {
    closeSync(fd);
  }
}

function youngerMeta(fd: number): Buffer | undefined {
  const first = metaAt(fd, 0);
  const second = first && metaAt(fd, first.readUInt32LE(PAGE_SIZE));
  if (!first || !second) return undefined;
  return number(second, TRANSACTION) > number(first, TRANSACTION) ? second : first;
}

function metaAt(fd: number, position: number): Buffer | undefined {
  const meta = Buffer.alloc(TRANSACTION + 8);
  if (readSync(fd, meta, 0, meta.length, position) !== meta.length) return undefined;
  const pageSize = meta.readUInt32LE(PAGE_SIZE);
  const known =
    (meta.readUInt16LE(FLAGS) & IS_META) !== 0 &&
    meta.readUInt32LE(META) === MAGIC &&
    (meta.readUInt32LE(META + 4) & 0xffff) === FORMAT &&
    pageSize >= 512 &&
    pageSize <= 65_536;
  return known ? meta : undefined;
}

/** A page as it was read, with its 16-bit numbers: every object has a few, so they must come fast. */
interface Page {
  readonly bytes: Buffer;
  readonly shorts: Uint16Array;
}

function isWholeTree(fd: number, meta: Buffer, tree: number): boolean {
  const pageSize = meta.readUInt32LE(PAGE_SIZE);
  const lastPage = number(meta, LAST_PAGE);
  const pages: Page[] = []; // one for each level: what is below a branch is read while it is open

  function read(page: number, bytes: Buffer): boolean {
    if (page > lastPage) return false;
    const length = readSync(fd, bytes, 0, bytes.length, page * pageSize);
    return length === bytes.length && number(bytes, 0) === page;
  }

  /** How many entries are below this page; none that counts when it is not what should be there. */
  function entriesBelow(page: number, depth: number): number {
    const open = pages[depth] ?? emptyPage(pageSize);
    pages[depth] = open;
    const { bytes, shorts } = open;
    if (depth > DEEPEST || !read(page, bytes)) return Number.NaN;
    const flags = bytes.readUInt16LE(FLAGS);
    const nodes = bytes.readUInt16LE(LOWER) >> 1;
    if (nodes < 1 || (flags & (IS_BRANCH | IS_LEAF)) === 0) return Number.NaN;

    let entries = 0;
    for (let at = 0; at < nodes; at++) {
      const node = NODES + (shorts[NODES / 2 + at] ?? 0);
      if ((flags & IS_BRANCH) !== 0) entries += entriesBelow(bytes.readUIntLE(node, 6), depth + 1);
      else if (isWholeEntry(open, node)) entries += 1;
      else return Number.NaN;
    }
    return entries;
  }

  const header = Buffer.allocUnsafe(NODES);
  function isWholeEntry({ bytes, shorts }: Page, node: number): boolean {
    const flags = shorts[(node + NODE_FLAGS) / 2];
    if (flags === undefined) return false;
    if ((flags & IS_FAR) === 0) return true;
    const page = number(bytes, node + KEY + bytes.readUInt16LE(node + KEY_SIZE));
    return read(page, header) && (header.readUInt16LE(FLAGS) & IS_OVERFLOW) !== 0;
  }

  const root = number(meta, tree + ROOT);
  const count = number(meta, tree + COUNT);
  return root === NO_ROOT ? count === 0 : entriesBelow(root, 0) === count;
}

function emptyPage(size: number): Page {
  const bytes = Buffer.from(new ArrayBuffer(size));
  return { bytes, shorts: new Uint16Array(bytes.buffer) };
}

function number(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
