/** Replies have 6 MB at most, and are JSON within JSON, where a character may take two. */
const LONGEST = 32 * 1024 * 1024;

/** A value with its length before it. */
export function frameOf(value: object): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text]);
}

/** Puts frames together from the pieces a connection brings; throws when what comes is none. */
export function frameReader(onFrame: (value: unknown) => void): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let held = 0;
  let wanted = 4;
  return (piece) => {
    pieces.push(piece);
    held += piece.length;
    while (held >= wanted) {
      const all = Buffer.concat(pieces);
      const length = all.readUInt32BE(0);
      if (length > LONGEST) throw new Error('A frame is too long');
      wanted = 4 + length;
      if (all.length >= wanted) {
        const text = all.toString('utf8', 4, wanted);
        const rest = all.subarray(wanted);
        [pieces, held, wanted] = [[rest], rest.length, 4];
        onFrame(JSON.parse(text));
      } else {
        pieces = [all];
        return;
      }
    }
  };
}
