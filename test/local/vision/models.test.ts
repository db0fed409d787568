import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labOfColour } from '../../../local/vision/lab-colour.ts';
import { alphaByModel } from '../../../local/vision/models/alpha-by-model.ts';
import { colourByModel } from '../../../local/vision/models/colour-by-model.ts';
import { enlargeByModel } from '../../../local/vision/models/enlarge-by-model.ts';
import type { ModelUse } from '../../../local/vision/models/model-card.ts';
import { checkModel, openModel } from '../../../local/vision/models/open-model.ts';
import { repairByModel } from '../../../local/vision/models/repair-by-model.ts';
import { emptyPixels, type Pixels } from '../../../local/vision/pixels.ts';
import { type Graph, onnxModel, writeModel } from './onnx-writer.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures', 'vision', 'onnx');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-models-'));
  cpSync(FIXTURES, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function withCard(name: string, card: object): string {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(card));
  return join(folder, `${name}.onnx`);
}

function made(name: string, graph: Graph, card: object): string {
  return writeModel(folder, name, onnxModel(graph), card);
}

describe('matting', () => {
  /** 1 / (1 + e^-(10 R - 20 G + 10 B + 5)), as the file says. */
  const opacityOf = (red: number, green: number, blue: number) =>
    1 / (1 + Math.exp(-(10 * red - 20 * green + 10 * blue + 255 * 5) / 255));

  test('the answer is the opacity of every pixel, to a level', async () => {
    const file = withCard('matting-green', { input: 'x', output: 'alpha' });
    const picture = noise(37, 23);
    const { alpha } = await alphaByModel(await openModel(file, 'matting'), picture);
    expectAlpha(alpha, picture, opacityOf);
  });

  test('channels can be turned round, and the range, mean and deviation of the card are heeded', async () => {
    const picture = noise(16, 16);
    const turned = withCard('matting-green', { input: 'x', output: 'alpha', order: 'BGR' });
    const { alpha } = await alphaByModel(await openModel(turned, 'matting'), picture);
    expectAlpha(alpha, picture, (red, green, blue) => opacityOf(blue, green, red));

    const card = {
      input: 'x',
      output: 'alpha',
      range: [0, 255],
      mean: [51, 0, 0],
      std: [255, 255, 510],
    };
    const scaled = await openModel(withCard('matting-green', card), 'matting');
    const other = await alphaByModel(scaled, picture);
    expectAlpha(other.alpha, picture, (r, g, b) => opacityOf(r - 51, g, b / 2));
  });

  test('a fixed size is filled by stretching or with bars, which belong to nobody', async () => {
    // Opaque where the red is: a picture that is red on its right half.
    const graph: Graph = {
      inputs: { x: [1, 3, 32, 32] },
      outputs: { y: [1, 1, 32, 32] },
      constants: {
        starts: { dims: [1], values: [0] },
        red: { dims: [1, 3, 1, 1], values: [3, 0, 0] },
      },
      nodes: [
        { op: 'Mul', inputs: ['x', 'red'], output: 'm' },
        { op: 'ReduceMean', inputs: ['m'], output: 'y', attributes: { axes: [1], keepdims: 1 } },
      ],
    };
    const picture = emptyPixels(64, 16);
    for (let at = 0; at < 64 * 16; at++) {
      picture.data.set([at % 64 >= 32 ? 255 : 0, 200, 9, 255], at * 4);
    }
    for (const fit of ['stretch', 'letterbox']) {
      const file = made(`fixed-${fit}`, graph, { input: 'x', output: 'y', size: [32, 32], fit });
      const { alpha } = await alphaByModel(await openModel(file, 'matting'), picture);
      const row = [...alpha.subarray(5 * 64, 6 * 64)];
      expect(row.slice(0, 28).every((value) => value === 0)).toBe(true);
      expect(row.slice(36).every((value) => value === 255)).toBe(true);
    }
  });

  test('pixels may come last, as bytes, and as a square without a channel', async () => {
    const graph: Graph = {
      inputs: { x: [1, 'h', 'w', 3] },
      outputs: { y: [1, 'h', 'w'] },
      bytes: ['x'],
      nodes: [
        { op: 'Cast', inputs: ['x'], output: 'f', attributes: { to: 1 } },
        { op: 'ReduceMean', inputs: ['f'], output: 'y', attributes: { axes: [3], keepdims: 0 } },
      ],
    };
    const file = made('nhwc', graph, {
      ...{ input: 'x', output: 'y', layout: 'NHWC', type: 'uint8', range: [0, 255] },
      outputRange: [255, 0],
    });
    const picture = noise(20, 10);
    const { alpha } = await alphaByModel(await openModel(file, 'matting'), picture);
    expectAlpha(alpha, picture, (red, green, blue) => 1 - (red + green + blue) / 3 / 255);
  });

  test('a recurrent model goes on from what it remembers, and from nothing at the beginning', async () => {
    const file = withCard('matting-recurrent', {
      ...{ input: 'src', output: 'pha', states: { r1i: 'r1o' } },
    });
    const model = await openModel(file, 'matting');
    const grey = emptyPixels(8, 8);
    grey.data.fill(255);
    const aim = opacityOf(255, 255, 255);
    let memory = {};
    let wanted = 0;
    for (let frame = 0; frame < 4; frame++) {
      const step = await alphaByModel(model, grey, memory);
      memory = step.memory;
      wanted = 0.75 * wanted + 0.25 * aim;
      expect(step.alpha[20]).toBe(Math.round(wanted * 255));
    }
    expect((await alphaByModel(model, grey)).alpha[20]).toBe(Math.round(0.25 * aim * 255));
  });

  function expectAlpha(
    alpha: Uint8Array,
    picture: Pixels,
    wanted: (red: number, green: number, blue: number) => number,
  ) {
    alpha.forEach((value, at) => {
      const [red = 0, green = 0, blue = 0] = picture.data.subarray(at * 4, at * 4 + 3);
      const right = Math.max(0, Math.min(255 * wanted(red, green, blue), 255));
      expect(Math.abs(value - right)).toBeLessThanOrEqual(0.51);
    });
  }
});

describe('super resolution', () => {
  test('every pixel is where the model put it, also where tiles meet', async () => {
    const file = withCard('sr2-nearest', { input: 'x', output: 'y' });
    const model = await openModel(file, 'super-resolution');
    const picture = noise(300, 40);
    const twice = await enlargeByModel(model, picture, 2);
    expect([twice.width, twice.height]).toEqual([600, 80]);
    for (let at = 0; at < 600 * 80; at++) {
      const from = (Math.floor(at / 600 / 2) * 300 + ((at % 600) >> 1)) * 4;
      const same = [0, 1, 2].every((c) => twice.data[at * 4 + c] === picture.data[from + c]);
      if (!same) expect.fail(`differs at ${at % 600}, ${Math.floor(at / 600)}`);
    }
    expect((await enlargeByModel(model, noise(10, 9), 4)).width).toBe(40);
  });
});

describe('repair', () => {
  const graph: Graph = {
    inputs: { image: [1, 3, 'h', 'w'], mask: [1, 1, 'h', 'w'] },
    outputs: { y: [1, 3, 'h', 'w'] },
    constants: {
      one: { dims: [1], values: [1] },
      colour: { dims: [1, 3, 1, 1], values: [0.2, 0.4, 0.8] },
    },
    nodes: [
      { op: 'Sub', inputs: ['one', 'mask'], output: 'kept' },
      { op: 'Mul', inputs: ['image', 'kept'], output: 'a' },
      { op: 'Mul', inputs: ['colour', 'mask'], output: 'b' },
      { op: 'Add', inputs: ['a', 'b'], output: 'y' },
    ],
  };

  test.for([
    [1, [51, 102, 204]],
    [0, undefined],
  ] as const)(
    'the mask says what goes by %i, and only that is changed',
    async ([removes, colour]) => {
      const card = { input: 'image', output: 'y', mask: 'mask', removes };
      const model = await openModel(made(`repair-${removes}`, graph, card), 'repair');
      const picture = noise(50, 40);
      const before = picture.data.slice();
      const mask = new Uint8Array(50 * 40);
      mask.fill(255, 510, 520);
      await repairByModel(model, picture, mask);
      for (let at = 0; at < mask.length; at++) {
        const now = [...picture.data.subarray(at * 4, at * 4 + 3)];
        const inside = mask[at] === 255 && colour;
        expect(now).toEqual(inside ? colour : [...before.subarray(at * 4, at * 4 + 3)]);
      }
    },
  );
});

describe('colouring', () => {
  test('the model gives the colours, and the light stays that of the picture', async () => {
    const graph: Graph = {
      inputs: { l: [1, 1, 'h', 'w'] },
      outputs: { colours: [1, 2, 'h', 'w'] },
      constants: {
        none: { dims: [1, 2, 1, 1], values: [0, 0] },
        ab: { dims: [1, 2, 1, 1], values: [20, -30] },
      },
      nodes: [
        { op: 'Mul', inputs: ['l', 'none'], output: 'zero' },
        { op: 'Add', inputs: ['zero', 'ab'], output: 'colours' },
      ],
    };
    const file = made('colour', graph, { input: 'l', output: 'colours', size: [16, 16] });
    const picture = emptyPixels(40, 30);
    for (let at = 0; at < 1200; at++) {
      const grey = 60 + (at % 40) * 3;
      picture.data.set([grey, grey, grey, 255], at * 4);
    }
    const before = { ...picture, data: picture.data.slice() };
    await colourByModel(await openModel(file, 'colouring'), picture);
    for (let at = 0; at < 1200; at++) {
      const [light, a, b] = lab(picture, at);
      expect(Math.abs(light - lab(before, at)[0])).toBeLessThan(0.8);
      expect(Math.abs(a - 20)).toBeLessThan(1.5);
      expect(Math.abs(b + 30)).toBeLessThan(1.5);
    }
  });

  function lab({ data }: Pixels, at: number): [number, number, number] {
    return labOfColour(data[at * 4] ?? 0, data[at * 4 + 1] ?? 0, data[at * 4 + 2] ?? 0);
  }
});

describe('what is wrong with a model is said before the engine starts', () => {
  const through = (nodes: Graph['nodes'], shape: readonly (number | string)[]): Graph => ({
    inputs: { x: [1, 3, 'h', 'w'] },
    outputs: { y: shape },
    nodes,
  });
  const mean = { op: 'ReduceMean', inputs: ['x'], output: 'y' };
  const graphs = {
    'nothing-like': through([{ ...mean, attributes: { keepdims: 0 } }], []),
    planes: through([{ op: 'Identity', inputs: ['x'], output: 'y' }], [1, 3, 'h', 'w']),
    'no-number': through(
      [
        { ...mean, output: 'm', attributes: { axes: [1], keepdims: 1 } },
        { op: 'Sub', inputs: ['m', 'm'], output: 'z' },
        { op: 'Div', inputs: ['z', 'z'], output: 'y' },
      ],
      [1, 1, 'h', 'w'],
    ),
  };

  test.for([
    ['nothing-like', {}, 'has the shape [], not that of a picture'],
    ['planes', {}, 'has the shape [1, 3, 40, 48], and 1 planes of NCHW are wanted'],
    ['no-number', {}, 'answers with "y", which holds what is no number'],
    ['planes', { output: 'alpha' }, 'has no output "alpha"; it has "y"'],
    ['planes', { input: 'image' }, 'has no input "image"; it has "x"'],
    ['planes', { order: 'L' }, 'cannot be run with what its card says'],
    ['planes', { inptu: 'x' }, 'has a key "inptu" that nobody knows'],
    ['planes', { size: [0, 3] }, '"size" is "any" or width and height'],
    ['planes', { std: [1, 0, 1] }, 'has a 0 in "std"'],
    ['planes', { mean: [1] }, '"mean" is a list of 3 numbers'],
    ['planes', { gives: 'ab' }, '"gives" is alpha, not "ab"'],
  ] as const)('%s with %j', async ([name, more, says]) => {
    const file = made(name, graphs[name], { input: 'x', output: 'y', ...more });
    await expect(checkModel(file, 'matting')).rejects.toThrow(says);
    await expect(checkModel(file, 'matting')).rejects.toThrow(join(folder, name));
  });

  test('a file that is not there, is no model, or was cut off, and a card that is no JSON', async () => {
    const card = { input: 'x', output: 'y' };
    await expect(checkModel(join(folder, 'none.onnx'), 'matting')).rejects.toThrow(
      /none\.json is not there/,
    );
    const whole = onnxModel(graphs.planes);
    for (const [name, bytes] of [
      ['text', Buffer.from('hello, I am a model')],
      ['short', whole.subarray(0, whole.length >> 1)],
      ['empty', Buffer.alloc(0)],
    ] as const) {
      const file = writeModel(folder, name, bytes, card);
      await expect(checkModel(file, 'matting')).rejects.toThrow(`${file} is not a model that`);
    }
    const file = writeModel(folder, 'card', whole, card);
    writeFileSync(join(folder, 'card.json'), '{');
    await expect(checkModel(file, 'matting')).rejects.toThrow('card.json is not JSON');
  });

  test.for([
    ['matting', 'matting-green', { input: 'x', output: 'alpha' }],
    ['super-resolution', 'sr2-nearest', { input: 'x', output: 'y' }],
  ] as const)('a %s model that is right passes', async ([use, name, card]) => {
    await checkModel(withCard(name, card), use as ModelUse);
  });
});

function noise(width: number, height: number): Pixels {
  const picture = emptyPixels(width, height);
  let state = 42;
  picture.data.forEach((_, at) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    picture.data[at] = at % 4 === 3 ? 255 : state >>> 24;
  });
  return picture;
}
