import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { mayGrow } from './blobs.ts';
import { diskFault } from './disk-fault.ts';
import { type ObjectRecord, readDoubtfulRecord } from './object-record.ts';

export const REGISTER = 'objects.jsonl';
const ANEW = `${REGISTER}.new`;

export function isRegister(name: string): boolean {
  return name === REGISTER || name === ANEW;
}

/** Beyond this a register is written anew without what it says twice. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The file beside the bytes of a folder that says what they are, one JSON record a line. The last
 * line about a file counts; a line about a file that is gone counts for nothing, so that nobody
 * has to take one back.
 */
export class Register {
  readonly #folder: string;
  readonly #path: string;
  #fd: number | undefined;
  #size = 0;
  #leastSize = 0;
  /** A line may stand there half, after a kill or on a full disk. */
  #torn = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, REGISTER);
  }

  append(lines: string): void {
    try {
      const fd = this.#fd ?? this.#open();
      const bytes = Buffer.from(this.#torn ? `\n${lines}` : lines);
      this.#torn = true;
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      this.#torn = false;
      this.#size += bytes.length;
      if (this.#size > MOST_BYTES && this.#size > 2 * this.#leastSize) this.#shorten();
    } catch (thrown) {
      throw diskFault(thrown, this.#path);
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    const fd = openSync(this.#path, 'a+');
    this.#fd = fd;
    this.#size = fstatSync(fd).size;
    const end = Buffer.alloc(1);
    this.#torn = this.#size > 0 && readSync(fd, end, 0, 1, this.#size - 1) === 1 && end[0] !== 10;
    return fd;
  }

  #shorten(): void {
    const lines = [...readRegister(this.#folder).values()].map(({ line }) => `${line}\n`);
    const anew = join(this.#folder, ANEW);
    writeFileSync(anew, lines.join(''));
    renameSync(anew, this.#path);
    this.close();
    this.#open();
    this.#leastSize = this.#size;
  }
}

export interface Registered {
  readonly record: ObjectRecord;
  readonly line: string;
}

/**
 * What the register of a folder says of files that are there, by file. Of one that grows, the last
 * line counts for which there are bytes enough: a line is written before its change is committed,
 * and the bytes of one that never was are cut off again.
 */
export function readRegister(folder: string): ReadonlyMap<string, Registered> {
  const there = new Set(readdirSync(folder).map((name) => `${basename(folder)}/${name}`));
  const last = new Map<string, Registered>();
  const sizes = new Map<string, number>();
  for (const line of readLines(join(folder, REGISTER))) {
    const record = readDoubtfulRecord(line);
    if (!record || !there.has(record.file)) continue;
    if (mayGrow(record.file)) {
      const size = sizes.get(record.file) ?? statSync(join(folder, basename(record.file))).size;
      sizes.set(record.file, size);
      if (record.size > size) continue;
    }
    last.set(record.file, { record, line });
  }
  return last;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
