import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Gives out parts of the memory of a kernel, each 16 bytes aligned and all zeros. */
interface Room {
  bytes(length: number): Region<Uint8Array>;
  ints(length: number): Region<Int32Array>;
  floats(length: number): Region<Float32Array>;
}

/** The same place, for us as an array and for the kernel as an address. */
interface Region<View> {
  readonly view: View;
  readonly at: number;
}

/** A module of WebAssembly, with functions that are given addresses. */
export interface Kernel<Functions> {
  readonly run: Functions;
  /**
   * Lends memory for one piece of work. How much is needed in all is said before, since memory that
   * grows leaves older views behind. What is to last has to be copied out.
   */
  lend<Result>(bytes: number, work: (room: Room) => Result): Result;
}

const PAGE = 65_536;
const MAX_PAGES = 8192;
/** The modules keep tables of their own below. */
const START = PAGE;
/** A worker gives back what a large picture took, and keeps what an ordinary one needs. */
const KEPT_BYTES = 64 * 1024 * 1024;

const opened = new Map<string, Kernel<unknown>>();

/** Compiled once in a thread, when it is first wanted. The caller says what functions it has. */
export function loadKernel<Functions>(name: string): Kernel<Functions> {
  const known = opened.get(name) ?? openKernel(new WebAssembly.Module(readFileSync(fileOf(name))));
  opened.set(name, known);
  return known as Kernel<Functions>;
}

function openKernel(module: WebAssembly.Module): Kernel<unknown> {
  let instance = instanceOf(module);
  let lent = false;
  return {
    get run() {
      return instance.functions;
    },
    lend(bytes, work) {
      if (lent) throw new Error('The memory of a kernel is lent already');
      lent = true;
      try {
        const { memory } = instance;
        const missing = START + bytes - memory.buffer.byteLength;
        if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
        return work(roomIn(memory.buffer, bytes));
      } finally {
        lent = false;
        if (instance.memory.buffer.byteLength > KEPT_BYTES) instance = instanceOf(module);
      }
    },
  };
}

function instanceOf(module: WebAssembly.Module) {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: MAX_PAGES });
  const env = { memory, abort: () => undefined };
  return { memory, functions: new WebAssembly.Instance(module, { env }).exports };
}

function roomIn(buffer: ArrayBuffer, bytes: number): Room {
  let next = START;
  const take = (length: number): number => {
    const at = next;
    next += Math.ceil(length / 16) * 16;
    if (next > START + bytes) throw new Error('A kernel needs more memory than it was said to');
    new Uint8Array(buffer, at, length).fill(0);
    return at;
  };
  return {
    bytes(length) {
      const at = take(length);
      return { at, view: new Uint8Array(buffer, at, length) };
    },
    ints(length) {
      const at = take(length * 4);
      return { at, view: new Int32Array(buffer, at, length) };
    },
    floats(length) {
      const at = take(length * 4);
      return { at, view: new Float32Array(buffer, at, length) };
    },
  };
}

/** Beside the built worker, command or bench; from the sources, where the build puts it. */
function fileOf(name: string): string {
  const places = ['./kernels/', '../local/kernels/', '../../../dist/local/kernels/'];
  const found = places
    .map((place) => fileURLToPath(new URL(`${place}${name}.wasm`, import.meta.url)))
    .find((path) => existsSync(path));
  if (found) return found;
  throw new Error(`The kernel "${name}" is not built: run "npm run ready"`);
}
