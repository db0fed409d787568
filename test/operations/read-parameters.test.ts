import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../shared/operations/catalogue.ts';
import { colouring } from '../../shared/operations/colouring.ts';
import { enhance } from '../../shared/operations/enhance.ts';
import { goodsMatting } from '../../shared/operations/goods-matting.ts';
import { picture } from '../../shared/operations/picture.ts';
import { readParameters } from '../../shared/operations/read-parameters.ts';
import { segmentVideoBody } from '../../shared/operations/segment-video-body.ts';
import { smartCrop } from '../../shared/operations/smart-crop.ts';
import { superResolution } from '../../shared/operations/super-resolution.ts';
import { givenFor, legalFor } from './legal-parameters.ts';
import { logo, problemsOf } from './sample.ts';

test('defaults are filled in, and what has none stays away', () => {
  expect(readParameters(goodsMatting, {})).toEqual({ parameters: { centre: false } });
  expect(readParameters(segmentVideoBody, { threshold: 9 })).toEqual({
    parameters: { mode: 'mask', segment: 'human', threshold: 9 },
  });
});

test('a value that is not there counts as left out', () => {
  expect(readParameters(goodsMatting, { centre: undefined, padding: undefined })).toEqual({
    parameters: { centre: false },
  });
});

test('every problem is told at once, each with what would be right', () => {
  expect(problemsOf(goodsMatting, { center: true, centre: 1, padding: [2000, 4] })).toEqual([
    'center is no parameter of goods-matting; did you mean centre?',
    'centre is 1; it should be true or false',
    'padding[0] is 2000; it should be a whole number from 0 to 1000',
  ]);
});

test.for([
  [
    goodsMatting,
    { padding: [1] },
    'padding is a list of 1; it should be two whole numbers from 0 to 1000',
  ],
  [
    goodsMatting,
    { padding: [1, '2'] },
    'padding[1] is "2"; it should be a whole number from 0 to 1000',
  ],
  [
    goodsMatting,
    { padding: null },
    'padding is empty; it should be two whole numbers from 0 to 1000',
  ],
  [
    goodsMatting,
    { shadow: true },
    'shadow is no parameter of goods-matting; it should be one of centre, padding',
  ],
  [goodsMatting, 'centre', 'what was given is "centre"; it should be parameters by name'],
  [goodsMatting, ['centre'], 'what was given is a list of 1; it should be parameters by name'],
  [goodsMatting, undefined, 'what was given is empty; it should be parameters by name'],
  [colouring, { colour: 'red' }, 'colour is no parameter of colouring'],
  [superResolution, { magnify: 3 }, 'magnify is 3; it should be one of 1, 2, 4'],
  [superResolution, { magnify: '2' }, 'magnify is "2"; did you mean 2?'],
  [enhance, { denoise: 2.5 }, 'denoise is 2.5; it should be a whole number from 0 to 5'],
  [enhance, { denoise: Number.NaN }, 'denoise is NaN; it should be a whole number from 0 to 5'],
  [smartCrop, { width: 10 }, 'height is empty; it should be a whole number from 1 to 10000'],
  [smartCrop, { width: 0, height: 10 }, 'width is 0; it should be a whole number from 1 to 10000'],
  [segmentVideoBody, { mode: 'forground' }, 'mode is "forground"; did you mean foreground?'],
  [
    segmentVideoBody,
    { mode: 'toString' },
    'mode is "toString"; it should be one of mask, foreground, combination',
  ],
  [
    segmentVideoBody,
    { mode: 'foreground', backgroundColour: 'red' },
    'backgroundColour is "red"; it should be a colour such as "#ff8800"',
  ],
  [
    segmentVideoBody,
    { mode: 'foreground', backgroundColor: '#ff0000' },
    'backgroundColor is no parameter of segment-video-body; did you mean backgroundColour?',
  ],
  [
    segmentVideoBody,
    { mode: 'foreground', backgroundColour: '#12345\n' },
    'backgroundColour is "#12345\\n"; it should be a colour such as "#ff8800"',
  ],
  [picture, {}, 'pipeline is empty; it should be one line of text, at most 2000 characters'],
  [
    picture,
    { pipeline: 'a/b\nc' },
    'pipeline is "a/b\\nc"; it should be one line of text, at most 2000 characters',
  ],
] as const)(
  'parameters %# are refused, and it says what would be right',
  ([operation, given, sentence]) => {
    expect(problemsOf(operation, given)).toEqual([sentence]);
  },
);

describe('parameters that are right each by itself are refused together', () => {
  test.for([
    [enhance, { denoise: 0, sharpen: 0 }, 'With denoise and sharpen both 0 there is nothing to do'],
    [segmentVideoBody, { mode: 'combination' }, 'Mode combination needs a background'],
    [
      segmentVideoBody,
      { background: 'beach.jpg' },
      'A background is for mode combination, not for mask',
    ],
    [
      segmentVideoBody,
      { mode: 'foreground', background: 'beach.jpg' },
      'A background is for mode combination, not for foreground',
    ],
    [
      segmentVideoBody,
      { backgroundColour: '#ffffff' },
      'A backgroundColour is for mode foreground, not for mask',
    ],
    [
      segmentVideoBody,
      { mode: 'combination', background: 'beach.jpg', backgroundColour: '#ffffff' },
      'A backgroundColour is for mode foreground, not for combination',
    ],
    [
      segmentVideoBody,
      { segment: 'green-screen', removedColour: '#00ff00' },
      'A removedColour is for segment solid-colour, not for green-screen',
    ],
    [
      segmentVideoBody,
      { removedColour: '#00ff00' },
      'A removedColour is for segment solid-colour, not for human',
    ],
    [
      picture,
      { pipeline: 'ci-process=GoodsMatting' },
      'A pipeline holds no ci-process: such an operation has a name of its own here',
    ],
    [
      picture,
      { pipeline: ' ci-process = GoodsMatting' },
      'A pipeline holds no ci-process: such an operation has a name of its own here',
    ],
    [
      picture,
      { pipeline: 'style/thumb' },
      'A pipeline holds no style: the bucket could change it, and no step would be done again',
    ],
  ] as const)('as in %#', ([operation, given, sentence]) => {
    expect(problemsOf(operation, given)).toEqual([sentence]);
  });
});

test.for([
  'imageMogr2/thumbnail/50p&ci-process=GoodsMatting',
  'imageMogr2/thumbnail/50p|ci-process=GoodsMatting',
  'imageMogr2/thumbnail/50p|style/thumb',
  'imageMogr2/thumbnail/50p|',
  'imageMogr2//50p',
  'imageMogr2',
  '/thumbnail/50p',
  Array(11).fill('imageMogr2/rotate/1').join('|'),
])('the pipeline %s is refused by its grammar', (pipeline) => {
  expect(problemsOf(picture, { pipeline })).toHaveLength(1);
});

describe('hostile parameters', () => {
  test('names of a prototype are names like others', () => {
    const given = JSON.parse('{"__proto__":{"centre":true},"constructor":1,"toString":2}');

    expect(readParameters(goodsMatting, given)).toMatchObject({
      problems: [{ path: ['__proto__'] }, { path: ['constructor'] }, { path: ['toString'] }],
    });
  });

  test('nothing is taken from a prototype', () => {
    expect(readParameters(goodsMatting, Object.create({ centre: true }))).toEqual({
      parameters: { centre: false },
    });
  });

  test('large ones are refused in short sentences', () => {
    const long = 'x'.repeat(10_000_000);
    const sentences = [
      ...problemsOf(picture, { pipeline: long, [long]: 1 }),
      ...problemsOf(segmentVideoBody, { mode: long, backgroundColour: long, background: long }),
      ...problemsOf(
        goodsMatting,
        Object.fromEntries(Array.from(long.slice(-9999), (x, i) => [x + i, 1])),
      ),
    ];

    expect(sentences).toHaveLength(25);
    for (const sentence of sentences) expect(sentence.length).toBeLessThan(300);
  });

  test('whatever it is, it is refused or can be sent', () => {
    const odd = fc.oneof(
      fc.anything({ withNullPrototype: true, maxDepth: 3 }),
      fc.constantFrom('a&b=c', '|', 'x/y\n', ' ', '{mask}', '\ud800', -0, 1e21, [1, 2, 3]),
    );
    for (const operation of CATALOGUE) {
      const names = Object.keys(operation.parameters);
      const some = fc.record(Object.fromEntries(names.map((name) => [name, odd])), {
        requiredKeys: [],
      });
      const mixed = fc
        .tuple(givenFor(operation), some)
        .map(([legal, changed]) => ({ ...legal, ...changed }));
      fc.assert(
        fc.property(fc.oneof(mixed, some, odd), (given) => {
          const read = readParameters(operation, given);
          if ('problems' in read) return read.problems.length > 0;
          for (const method of operation.methods) {
            const via = method === 'job' || method === 'download' ? method : 'pic-operations';
            const borrowed = { mask: logo, background: logo };
            operation.callOf(read.parameters, { via, borrowed, fallBack: true, job: {} });
          }
          return true;
        }),
      );
    }
  });
});

test.for(CATALOGUE)('what $name has read is read the same again', (operation) => {
  fc.assert(
    fc.property(legalFor(operation), (parameters) => {
      expect(readParameters(operation, parameters)).toEqual({ parameters });
    }),
  );
});
