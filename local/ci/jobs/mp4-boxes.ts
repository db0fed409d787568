/** A box of an MP4 file: a type of four characters, and what is inside. */
export interface Box {
  readonly type: string;
  readonly content: Buffer;
}

/** No honest box has more children, and a hostile file could have millions of empty ones. */
const MOST_BOXES = 1000;
const SHORT_HEADER = 8;
const LONG_HEADER = 16;

/** What the start of a box says of it; nothing where no box begins. */
export function boxHeader(
  bytes: Buffer,
  room: number,
): { readonly type: string; readonly header: number; readonly size: number } | undefined {
  if (bytes.length < SHORT_HEADER) return undefined;
  const short = bytes.readUInt32BE(0);
  const type = bytes.toString('latin1', 4, 8);
  if (short === 1 && bytes.length < LONG_HEADER) return undefined;
  const header = short === 1 ? LONG_HEADER : SHORT_HEADER;
  // A box of size 0 goes on to the end.
  const size = short === 0 ? room : short === 1 ? Number(bytes.readBigUInt64BE(8)) : short;
  return size < header || size > room ? undefined : { type, header, size };
}

/** The boxes inside a box, up to the first that is cut off. */
export function boxesIn(content: Buffer): readonly Box[] {
  const boxes: Box[] = [];
  let at = 0;
  while (at < content.length && boxes.length < MOST_BOXES) {
    const rest = content.subarray(at);
    const box = boxHeader(rest, rest.length);
    if (!box) break;
    boxes.push({ type: box.type, content: rest.subarray(box.header, box.size) });
    at += box.size;
  }
  return boxes;
}

/** The content of the first box along a path of types. */
export function boxAt(content: Buffer, ...path: readonly string[]): Buffer | undefined {
  let inside: Buffer | undefined = content;
  for (const type of path) {
    inside = inside && boxesIn(inside).find((box) => box.type === type)?.content;
  }
  return inside;
}
