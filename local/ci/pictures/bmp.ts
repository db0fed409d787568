import { emptyPixels, type Pixels } from '../../vision/pixels.ts';
import { OperationError } from '../operations-port.ts';

// Windows bitmaps, which the picture library does not decode: 1, 4, 8, 16, 24 and 32 bits a pixel,
// bottom-up or top-down, plain or with channel masks. Run-length encoded ones are refused by name.

const PLAIN = 0;
const WITH_MASKS = 3;
const WITH_ALPHA_MASKS = 6;

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly headerSize: number;
  readonly dataAt: number;
  readonly colours: number;
}

export function isBmp(input: Uint8Array): boolean {
  return input[0] === 0x42 && input[1] === 0x4d && input.length >= 26;
}

/** Only channel masks can tell where transparency is. */
export function bmpHasAlpha({ compression }: BmpHeader): boolean {
  return compression !== PLAIN;
}

/** What the headers say. Sizes are checked by whoever allocates. */
export function bmpHeader(input: Uint8Array): BmpHeader {
  const view = viewOf(input);
  const headerSize = view.getUint32(14, true);
  if (headerSize === 12) {
    return {
      width: view.getUint16(18, true),
      height: view.getUint16(20, true),
      topDown: false,
      bits: view.getUint16(24, true),
      compression: PLAIN,
      headerSize,
      dataAt: view.getUint32(10, true),
      colours: 0,
    };
  }
  if (headerSize < 40 || input.length < 54) throw broken('its header is cut off');
  const height = view.getInt32(22, true);
  return {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    topDown: height < 0,
    bits: view.getUint16(28, true),
    compression: view.getUint32(30, true),
    headerSize,
    dataAt: view.getUint32(10, true),
    colours: view.getUint32(46, true),
  };
}

export function decodeBmp(input: Uint8Array): Pixels {
  const header = bmpHeader(input);
  const { width, height, topDown, bits, compression, dataAt } = header;
  if (width <= 0 || height <= 0) throw broken('it has no pixels');
  if (![PLAIN, WITH_MASKS, WITH_ALPHA_MASKS].includes(compression)) {
    throw new OperationError('InvalidImageFormat', 'Run-length encoded BMP is not read here');
  }
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (dataAt + rowBytes * height > input.length) throw broken('it is cut off');
  const view = viewOf(input);
  const colourAt = colourReader(view, header);
  const pixels = emptyPixels(width, height);
  for (let y = 0; y < height; y++) {
    const row = dataAt + (topDown ? y : height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++) {
      pixels.data.set(colourAt(row, x), (y * width + x) * 4);
    }
  }
  return pixels;
}

type Colour = readonly [number, number, number, number];

function colourReader(view: DataView, header: BmpHeader): (row: number, x: number) => Colour {
  const { bits } = header;
  if (bits === 24) {
    return (row, x) => {
      const at = row + x * 3;
      return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at), 255];
    };
  }
  if (bits === 16 || bits === 32) return maskedReader(view, header);
  if (bits === 1 || bits === 4 || bits === 8) return paletteReader(view, header);
  throw broken(`it has ${bits} bits a pixel`);
}

function paletteReader(view: DataView, { bits, headerSize, colours }: BmpHeader) {
  const entryBytes = headerSize === 12 ? 3 : 4;
  const count = colours === 0 ? 1 << bits : Math.min(colours, 1 << bits);
  const start = 14 + headerSize;
  if (start + count * entryBytes > view.byteLength) throw broken('its palette is cut off');
  const palette: Colour[] = Array.from({ length: count }, (_, index) => {
    const at = start + index * entryBytes;
    return [view.getUint8(at + 2), view.getUint8(at + 1), view.getUint8(at), 255];
  });
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  return (row: number, x: number): Colour => {
    const byte = view.getUint8(row + Math.floor(x / perByte));
    const index = (byte >> ((perByte - 1 - (x % perByte)) * bits)) & mask;
    return palette[index] ?? [0, 0, 0, 255];
  };
}

/** Channels by their masks: those of the header, or what a plain picture of so many bits means. */
function maskedReader(view: DataView, header: BmpHeader) {
  const { bits, compression, headerSize } = header;
  const plain = bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const masks =
    compression === PLAIN
      ? plain
      : [0, 4, 8, 12].map((offset) => {
          const inHeader = offset < 12 || compression === WITH_ALPHA_MASKS || headerSize >= 56;
          return inHeader && 54 + offset + 4 <= view.byteLength
            ? view.getUint32(54 + offset, true)
            : 0;
        });
  const channels = masks.map((mask) => {
    const shift = mask === 0 ? 0 : Math.clz32(mask & -mask) ^ 31;
    return { mask, shift, max: mask >>> shift };
  });
  const value = (pixel: number, channel: number, or: number) => {
    const { mask, shift, max } = channels[channel] ?? { mask: 0, shift: 0, max: 0 };
    return mask === 0 ? or : Math.round((((pixel & mask) >>> shift) * 255) / max);
  };
  return (row: number, x: number): Colour => {
    const pixel =
      bits === 16 ? view.getUint16(row + x * 2, true) : view.getUint32(row + x * 4, true);
    return [value(pixel, 0, 0), value(pixel, 1, 0), value(pixel, 2, 0), value(pixel, 3, 255)];
  };
}

function viewOf(input: Uint8Array): DataView {
  return new DataView(input.buffer, input.byteOffset, input.byteLength);
}

function broken(why: string): OperationError {
  return new OperationError('InvalidImageFormat', `The BMP cannot be read: ${why}`);
}
