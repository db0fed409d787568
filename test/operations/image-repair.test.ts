import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageRepair } from '../../shared/operations/image-repair.ts';
import type { Point } from '../../shared/operations/parameter.ts';
import { readBase64Url } from '../../shared/wire/base64-url.ts';
import { readRule } from '../../shared/wire/rule-text.ts';
import { callFor, logo, problemsOf } from './sample.ts';

/** The options of the rule, read as the service reads them. */
function optionsFor(mask: unknown): Readonly<Record<string, string>> {
  const call = callFor(imageRepair, { mask }, { borrowed: { mask: logo } });
  if (call.via !== 'pic-operations') throw new Error('A repair is a rule');
  const rule = readRule(call.rule);
  return rule.kind === 'ci-process' ? Object.fromEntries(rule.options) : {};
}

function polygonsFor(polygons: unknown): unknown {
  return JSON.parse(readBase64Url(optionsFor({ polygons })['MaskPoly'] ?? ''));
}

test('a mask by address is Base64 as in the sample of the service', () => {
  const url = 'http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/shuiyin_2.png';

  expect(optionsFor({ url })).toEqual({
    MaskPic:
      'aHR0cDovL2V4YW1wbGVidWNrZXQtMTI1MDAwMDAwMC5jb3MuYXAtZ3Vhbmd6aG91Lm15cWNsb3VkLmNvbS9zaHVpeWluXzIucG5n',
  });
});

test('a mask by key leaves room for an address that is signed later', () => {
  const call = callFor(
    imageRepair,
    { mask: { key: 'masks/{stem}.png' } },
    { borrowed: { mask: logo } },
  );

  expect(call).toEqual({
    via: 'pic-operations',
    rule: 'ci-process=ImageRepair&MaskPic={mask}',
    borrows: [{ ...logo, name: 'mask', as: 'base64-url' }],
  });
});

describe('polygons', () => {
  const clockwise = [
    [10, 10],
    [90, 10],
    [90, 40],
    [10, 40],
  ];

  test('one alone is a list of points', () => {
    expect(polygonsFor([clockwise])).toEqual(clockwise);
  });

  test('several are a list of lists', () => {
    expect(polygonsFor([clockwise, clockwise])).toEqual([clockwise, clockwise]);
  });

  test('drawn the other way round they are turned clockwise', () => {
    const other = [
      [10, 10],
      [10, 40],
      [90, 40],
      [90, 10],
    ];
    expect(polygonsFor([other, clockwise])).toEqual([clockwise, clockwise]);
  });

  test('always run clockwise, through the same points in turn', () => {
    const coordinate = fc.integer({ min: 0, max: 50_000 });
    const polygon = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(polygon, (points) => {
        const sent = polygonsFor([points]) as readonly Point[];

        const [first, ...others] = points;
        expect([points, [first, ...others.toReversed()]]).toContainEqual(sent);
        expect(areaOf(sent)).toBe(Math.abs(areaOf(points)));
      }),
    );
  });

  /** By the slope of each side: above zero where `y` points down and the points run clockwise. */
  function areaOf(points: readonly Point[]): number {
    let area = 0;
    points.forEach(([x, y], index) => {
      const [beforeX, beforeY] = points.at(index - 1) ?? [x, y];
      area -= (x - beforeX) * (y + beforeY);
    });
    return area === 0 ? 0 : area;
  }
});

test.for([
  [
    { url: 'ftp://example.com/m.png' },
    'mask.url is "ftp://example.com/m.png"; it should be an address that starts with http:// or https://',
  ],
  [
    { url: 'https://exa mple.com/m.png' },
    'mask.url is "https://exa mple.com/m.png"; it should be an address that starts with http:// or https://',
  ],
  [
    { url: 'http://' },
    'mask.url is "http://"; it should be an address that starts with http:// or https://',
  ],
  [
    { url: 'https://b.example.com/m.png?q-sign-algorithm=sha1&q-signature=1' },
    'mask.url holds a signature or a password; it should be public, or the mask given by key',
  ],
  [
    { url: 'https://me@example.com/m.png' },
    'mask.url holds a signature or a password; it should be public, or the mask given by key',
  ],
  [
    { url: 'https://me:secret@example.com/m.png' },
    'mask.url holds a signature or a password; it should be public, or the mask given by key',
  ],
  [
    { key: '/masks/a.png' },
    'mask.key is "/masks/a.png"; it should be the key of an object, without a leading slash',
  ],
  [{ key: '' }, 'mask.key is ""; it should be the key of an object, without a leading slash'],
  [
    { key: 'é'.repeat(426) },
    `mask.key is "${'é'.repeat(60)}…"; it should be the key of an object, without a leading slash`,
  ],
  [
    { key: 'a\nb' },
    'mask.key is "a\\nb"; it should be the key of an object, without a leading slash',
  ],
  [{ kye: 'a.png' }, 'mask.kye is no form of a mask; did you mean key?'],
  [
    { key: 'a.png', url: 'http://example.com/' },
    'mask has 2 forms; it should be one of key, url, polygons',
  ],
  [{}, 'mask has 0 forms; it should be one of key, url, polygons'],
  [
    'masks/a.png',
    'mask is "masks/a.png"; it should be a key, a url or polygons, each under that name',
  ],
  [{ polygons: [] }, 'mask.polygons is a list of 0; it should be a list of polygons'],
  [
    {
      polygons: [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    },
    'mask.polygons[0] is a list of 2; it should be a list of three points or more',
  ],
  [
    {
      polygons: [
        [
          [0, 0],
          [1, 1],
          [2, -1],
        ],
      ],
    },
    'mask.polygons[0][2][1] is -1; it should be a whole number from 0 to 50000',
  ],
  [
    {
      polygons: [
        [
          [0, 0],
          [1, 1],
          [2, 0, 5],
        ],
      ],
    },
    'mask.polygons[0][2] is a list of 3; it should be two whole numbers from 0 to 50000',
  ],
  [
    { polygons: [Array(501).fill([0, 0])] },
    'mask.polygons has more than 500 points; it should be drawn with fewer',
  ],
] as const)('mask %# is refused, and it says what would be right', ([mask, sentence]) => {
  expect(problemsOf(imageRepair, { mask })).toEqual([sentence]);
});
