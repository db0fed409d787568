import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, operationNamed } from '../../shared/operations/catalogue.ts';
import { genericMatting } from '../../shared/operations/generic-matting.ts';
import { goodsMatting } from '../../shared/operations/goods-matting.ts';
import { imageRepair } from '../../shared/operations/image-repair.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import { picture } from '../../shared/operations/picture.ts';
import { segmentVideoBody } from '../../shared/operations/segment-video-body.ts';
import { readRule } from '../../shared/wire/rule-text.ts';
import { legalFor } from './legal-parameters.ts';
import { callFor, logo } from './sample.ts';

const pictures = CATALOGUE.filter(({ makes }) => makes === 'picture');
const everything = { mask: logo, background: logo };

test.for([
  ['generic-matting', {}, 'ci-process=AIPicMatting'],
  ['generic-matting', { centre: true }, 'ci-process=AIPicMatting&center-layout=1'],
  ['goods-matting', { centre: false }, 'ci-process=GoodsMatting'],
  ['goods-matting', { padding: [10, 0] }, 'ci-process=GoodsMatting&padding-layout=10x0'],
  [
    'portrait-matting',
    { padding: [0, 1000], centre: true },
    'ci-process=AIPortraitMatting&center-layout=1&padding-layout=0x1000',
  ],
  ['image-repair', {}, 'ci-process=ImageRepair'],
  ['super-resolution', {}, 'ci-process=AISuperResolution&magnify=2'],
  ['super-resolution', { magnify: 4 }, 'ci-process=AISuperResolution&magnify=4'],
  ['colouring', {}, 'ci-process=AIImageColoring'],
  ['enhance', {}, 'ci-process=AIEnhanceImage&denoise=3&sharpen=3'],
  ['enhance', { sharpen: 0 }, 'ci-process=AIEnhanceImage&denoise=3&sharpen=0'],
  ['smart-crop', { width: 3, height: 2 }, 'ci-process=AIImageCrop&width=3&height=2&fixed=0'],
  [
    'smart-crop',
    { width: 300, height: 200, exact: true },
    'ci-process=AIImageCrop&width=300&height=200&fixed=1',
  ],
  ['picture', { pipeline: 'imageMogr2/thumbnail/!50p' }, 'imageMogr2/thumbnail/!50p'],
  [
    'picture',
    { pipeline: ' imageMogr2/rotate/90 | imageView2/1/w/40 ' },
    'imageMogr2/rotate/90|imageView2/1/w/40',
  ],
] as const)('%s with %j is the rule %s', ([name, given, rule]) => {
  expect(callFor(known(name), given)).toEqual({ via: 'pic-operations', rule, borrows: [] });
});

function known(name: string): Operation {
  const operation = operationNamed(name);
  if (!operation) throw new Error(`The catalogue has no ${name}`);
  return operation;
}

test('rendered at download, an operation is options of the address', () => {
  expect(callFor(goodsMatting, { centre: true, padding: [4, 8] }, { via: 'download' })).toEqual({
    via: 'download',
    query: [
      ['ci-process', 'GoodsMatting'],
      ['center-layout', '1'],
      ['padding-layout', '4x8'],
    ],
    borrows: [],
  });
});

test('rendered at download, a pipeline is a name without a value', () => {
  const call = callFor(picture, { pipeline: 'imageMogr2/rotate/90' }, { via: 'download' });

  expect(call).toMatchObject({ query: [['imageMogr2/rotate/90', '']] });
});

test('as a job, a picture operation is the rule of a PicProcess', () => {
  const job = { level: 1, callbackFormat: 'JSON' } as const;

  expect(callFor(picture, { pipeline: 'imageMogr2/rotate/90' }, { via: 'job', job })).toEqual({
    via: 'job',
    tag: 'PicProcess',
    body: [
      [
        'PicProcess',
        [
          ['IsPicInfo', 'true'],
          ['ProcessRule', 'imageMogr2/rotate/90'],
        ],
      ],
    ],
    borrows: [],
    settings: job,
  });
});

describe('segment-video-body', () => {
  test('asks for a mask of people unless told otherwise', () => {
    expect(bodyOf({})).toEqual(['Mode=Mask', 'SegmentType=HumanSeg', 'BinaryThreshold=0']);
  });

  test('says one colour as three numbers', () => {
    expect(
      bodyOf({
        mode: 'foreground',
        segment: 'solid-colour',
        backgroundColour: '#00fF80',
        removedColour: '#102030',
        threshold: 255,
      }),
    ).toEqual([
      'Mode=Foreground',
      'SegmentType=SolidColorSeg',
      'BackgroundRed=0',
      'BackgroundGreen=255',
      'BackgroundBlue=128',
      'BinaryThreshold=255',
      'RemoveRed=16',
      'RemoveGreen=32',
      'RemoveBlue=48',
    ]);
  });

  test('leaves room for the address of its background, which it borrows as it is', () => {
    const given = { mode: 'combination', segment: 'green-screen', background: 'masks/logo.png' };

    expect(bodyOf(given)).toEqual([
      'Mode=Combination',
      'SegmentType=GreenScreenSeg',
      'BackgroundLogoUrl={background}',
      'BinaryThreshold=0',
    ]);
    expect(callFor(segmentVideoBody, given, { borrowed: everything }).borrows).toEqual([
      { ...logo, name: 'background', as: 'text' },
    ]);
  });

  function bodyOf(given: Readonly<Record<string, unknown>>): readonly string[] {
    const call = callFor(segmentVideoBody, given, { borrowed: everything });
    if (call.via !== 'job') throw new Error('A video is cut by a job');
    expect(call.tag).toBe('SegmentVideoBody');
    return call.body.flatMap(([container, nodes]) => {
      expect(container).toBe('SegmentVideoBody');
      return typeof nodes === 'string' ? [] : nodes.map(([name, value]) => `${name}=${value}`);
    });
  }
});

test('the source comes back instead of an error only from operations that can do so', () => {
  const rules = pictures.map((operation) => {
    const given = { width: 1, height: 1, pipeline: 'imageMogr2/strip/1' };
    const own = Object.entries(given).filter(([name]) => name in operation.parameters);
    const call = callFor(operation, Object.fromEntries(own), { fallBack: true });
    return call.via === 'pic-operations' && call.rule.endsWith('&ignore-error=1');
  });

  expect(pictures.filter((_, index) => rules[index]).map(({ name }) => name)).toEqual([
    'enhance',
    'smart-crop',
  ]);
  expect(pictures.map(({ canFallBack }) => canFallBack)).toEqual(rules);
});

test('what an operation cannot be asked by is refused', () => {
  for (const via of ['pic-operations', 'download'] as const) {
    expect(() => callFor(segmentVideoBody, {}, { via })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID' }),
    );
  }
});

test('an object that nobody looked up is not sent', () => {
  expect(() => callFor(imageRepair, { mask: { key: 'masks/logo.png' } })).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID' }),
  );
});

test('the same parameters always give the same call', () => {
  const given = { centre: true, padding: [1, 2] };
  expect(callFor(genericMatting, given)).toEqual(callFor(genericMatting, given));
});

test.for(pictures)('whatever $name is asked reads back as that one rule', (operation) => {
  const how = { borrowed: everything, job: {} };
  fc.assert(
    fc.property(legalFor(operation), fc.boolean(), (parameters, fallBack) => {
      const call = operation.callOf(parameters, { ...how, via: 'pic-operations', fallBack });
      if (call.via !== 'pic-operations') throw new Error('A picture operation is a rule');
      const rule = readRule(call.rule);

      if (rule.kind === 'ci-process') {
        expect(rule.operation).toBe(operation.wireName);
        for (const [name] of rule.options) expect(WIRE_NAMES).toContain(name);
      } else {
        expect([operation.name, rule.kind]).toEqual(['picture', 'pipeline']);
      }
      expect(call.rule).not.toMatch(/\s/);
    }),
  );
});

/** Anything else in a rule has broken out of a value. */
const WIRE_NAMES = [
  'center-layout',
  'padding-layout',
  'MaskPic',
  'MaskPoly',
  'magnify',
  'denoise',
  'sharpen',
  'width',
  'height',
  'fixed',
  'ignore-error',
];

test('whatever segment-video-body is asked stays within its node', () => {
  fc.assert(
    fc.property(legalFor(segmentVideoBody), (parameters) => {
      const how = { via: 'job', borrowed: everything, fallBack: false, job: {} } as const;
      const call = segmentVideoBody.callOf(parameters, how);

      expect(JSON.stringify(call)).toMatch(VIDEO_CALL);
    }),
  );
});

const VIDEO_CALL =
  /^\{"via":"job","tag":"SegmentVideoBody","body":\[\["SegmentVideoBody",\[(\["[A-Za-z]+","(\w+|\{background\})"\],?)+\]\]\],"borrows":\[[^[]*\],"settings":\{\}\}$/;
