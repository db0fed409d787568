/** A place in a picture, the right and lower ends not included. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Parts of a mask nearer than this are one: what is known between them is too little to learn from. */
const CELL = 16;

/**
 * The boxes of the parts of a mask that lie apart, from the top. Cells of a coarse grid stand for
 * their pixels: labels for every pixel of a large picture would be larger than the picture.
 */
export function partsOf(mask: Uint8Array, width: number, height: number): readonly Box[] {
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const boxes = new Map<number, Box>();
  for (let y = 0; y < height; y++) {
    const row = mask.subarray(y * width, (y + 1) * width);
    for (let x = row.indexOf(255); x >= 0; x = row.indexOf(255, x + 1)) {
      const cell = Math.floor(y / CELL) * columns + Math.floor(x / CELL);
      boxes.set(cell, around(boxes.get(cell), x, y));
    }
  }
  const parts: Box[] = [];
  for (const start of boxes.keys()) {
    let part = boxes.get(start);
    if (!part) continue;
    boxes.delete(start);
    const open = [start];
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      const column = cell % columns;
      const row = (cell - column) / columns;
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const box = boxes.get(y * columns + x);
          if (!box) continue;
          part = both(part, box);
          boxes.delete(y * columns + x);
          open.push(y * columns + x);
        }
      }
    }
    parts.push(part);
  }
  return parts;
}

function around(box: Box | undefined, x: number, y: number): Box {
  const pixel = { left: x, top: y, right: x + 1, bottom: y + 1 };
  return box ? both(box, pixel) : pixel;
}

function both(one: Box, other: Box): Box {
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}
