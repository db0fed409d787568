import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

// Where things are in an LMDB file of format 2: two pages of the same form, the older and the newer.
const META = 24;
const META_LENGTH = 160;
const MAGIC = 0xbeefc0de;
const FORMAT = 2;
const IS_META = 8;

interface Head {
  readonly pageSize: number;
  readonly root: bigint;
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

const NO_ROOT = 0xffff_ffff_ffff_ffffn;

/**
 * Whether LMDB may be let near this file. It maps the file and believes it: one that was cut short
 * or overwritten does not fail, it takes the whole process down.
 */
export function looksLikeAnIndex(path: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    const first = readHead(fd, 0);
    const second = first && readHead(fd, first.pageSize);
    if (!first || !second) return false;
    const { pageSize, root, lastPage } = second.transaction > first.transaction ? second : first;
    if ((lastPage + 1n) * BigInt(pageSize) > fstatSync(fd).size) return false;
    return (
      root === NO_ROOT || readBytes(fd, Number(root) * pageSize, 8)?.readBigUInt64LE() === root
    );
  } finally {
    closeSync(fd);
  }
}

function readHead(fd: number, position: number): Head | undefined {
  const page = readBytes(fd, position, META_LENGTH);
  if (!page) return undefined;
  const pageSize = page.readUInt32LE(META + 24);
  const known =
    (page.readUInt16LE(18) & IS_META) !== 0 &&
    page.readUInt32LE(META) === MAGIC &&
    (page.readUInt32LE(META + 4) & 0xffff) === FORMAT &&
    pageSize >= 256 &&
    pageSize <= 65_536;
  if (!known) return undefined;
  return {
    pageSize,
    root: page.readBigUInt64LE(META + 112),
    lastPage: page.readBigUInt64LE(META + 120),
    transaction: page.readBigUInt64LE(META + 128),
  };
}

function readBytes(fd: number, position: number, length: number): Buffer | undefined {
  if (!Number.isSafeInteger(position)) return undefined;
  const bytes = Buffer.alloc(length);
  return readSync(fd, bytes, 0, length, position) === length ? bytes : undefined;
}
