import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../shared/operations/call.ts';
import { describeCall, fillCall } from '../../shared/operations/fill-call.ts';
import { goodsMatting } from '../../shared/operations/goods-matting.ts';
import { imageRepair } from '../../shared/operations/image-repair.ts';
import { picture } from '../../shared/operations/picture.ts';
import { segmentVideoBody } from '../../shared/operations/segment-video-body.ts';
import { readBase64Url, writeBase64Url } from '../../shared/wire/base64-url.ts';
import { readRule } from '../../shared/wire/rule-text.ts';
import { callFor, logo } from './sample.ts';

const address = 'https://studio.example.com/masks/logo.png?q-signature=5e1&x=$&$1{mask}';
const repair = { mask: { key: 'masks/logo.png' } };
const combination = { mode: 'combination', background: 'masks/logo.png' };
const borrowed = { mask: logo, background: logo };

describe('a call as it is sent', () => {
  test('has the signed address of its mask in Base64', () => {
    const call = callFor(imageRepair, repair, { borrowed });

    expect(fillCall(call, { mask: address })).toEqual({
      via: 'pic-operations',
      rule: `ci-process=ImageRepair&MaskPic=${writeBase64Url(address)}`,
      borrows: [],
    });
  });

  test('has it in the options of a download and in the rule of a job, too', () => {
    const encoded = writeBase64Url(address);
    const download = callFor(imageRepair, repair, { borrowed, via: 'download' });
    const job = callFor(imageRepair, repair, { borrowed, via: 'job' });

    expect(fillCall(download, { mask: address })).toMatchObject({
      query: [
        ['ci-process', 'ImageRepair'],
        ['MaskPic', encoded],
      ],
    });
    expect(JSON.stringify(fillCall(job, { mask: address }))).toContain(
      `ci-process=ImageRepair&MaskPic=${encoded}"`,
    );
  });

  test('has the address of a background as it is, however it reads', () => {
    const call = callFor(segmentVideoBody, combination, { borrowed });

    expect(fillCall(call, { background: address })).toMatchObject({
      body: [['SegmentVideoBody', expect.arrayContaining([['BackgroundLogoUrl', address]])]],
    });
  });

  test('keeps braces that are no place for an address', () => {
    const call = callFor(picture, { pipeline: 'imageMogr2/thumbnail/{mask}' });

    expect(fillCall(call, { mask: address })).toEqual(call);
  });

  test.for([{}, { other: address }])('is not sent with the addresses %j alone', (addresses) => {
    const call = callFor(imageRepair, repair, { borrowed });

    expect(() => fillCall(call, addresses)).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID' }),
    );
  });

  test('never takes an address from a prototype', () => {
    const call = callFor(imageRepair, repair, { borrowed });

    expect(() => fillCall(call, Object.create({ mask: address }))).toThrow();
  });

  test('is one rule with one mask, whatever the address', () => {
    const call = callFor(imageRepair, repair, { borrowed });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (anything) => {
        const filled = fillCall(call, { mask: anything });
        const rule = filled.via === 'pic-operations' ? readRule(filled.rule) : undefined;
        const [option, ...others] = rule?.kind === 'ci-process' ? rule.options : [];

        expect(others).toEqual([]);
        expect(readBase64Url(option?.[1] ?? '')).toBe(anything);
      }),
    );
  });
});

describe('a call in a step id', () => {
  const described = (call: Call) => describeCall(call);

  test('is its rule, and names a mask by its bytes', () => {
    expect(described(callFor(goodsMatting, { centre: true }))).toBe(
      'ci-process=GoodsMatting&center-layout=1',
    );
    expect(described(callFor(imageRepair, repair, { borrowed }))).toBe(
      'ci-process=ImageRepair&MaskPic=studio-1300001234/masks/logo.png@e7a6',
    );
  });

  test('is the tag and body of its job, whatever the settings', () => {
    const settings = { level: 2, callbackFormat: 'XML' } as const;
    const call = callFor(segmentVideoBody, combination, { borrowed, job: settings });

    expect(described(call)).toBe(
      'SegmentVideoBody [["SegmentVideoBody",[["Mode","Combination"],["SegmentType","HumanSeg"],["BackgroundLogoUrl","studio-1300001234/masks/logo.png@e7a6"],["BinaryThreshold","0"]]]]',
    );
    expect(described(callFor(segmentVideoBody, combination, { borrowed }))).toBe(described(call));
  });

  test('is the query of its download', () => {
    expect(described(callFor(imageRepair, repair, { borrowed, via: 'download' }))).toBe(
      'ci-process=ImageRepair&MaskPic=studio-1300001234/masks/logo.png@e7a6',
    );
    expect(
      described(callFor(picture, { pipeline: 'imageMogr2/strip/1' }, { via: 'download' })),
    ).toBe('imageMogr2/strip/1');
  });

  test('changes with the bytes of the mask', () => {
    const redrawn = { mask: { ...logo, etag: 'ffff' } };

    expect(described(callFor(imageRepair, repair, { borrowed: redrawn }))).not.toBe(
      described(callFor(imageRepair, repair, { borrowed })),
    );
  });

  test('cannot be made to read like another by an odd key', () => {
    const odd = { ...logo.object, key: 'a@1&MaskPoly=x | b%7C {mask}\n' };
    const call = callFor(imageRepair, repair, { borrowed: { mask: { ...logo, object: odd } } });

    expect(described(call)).toBe(
      'ci-process=ImageRepair&MaskPic=studio-1300001234/a@1%26MaskPoly=x%20%7C%20b%257C%20%7Bmask%7D%0A@e7a6',
    );
  });

  test('never holds an address that expires', () => {
    const call = callFor(imageRepair, repair, { borrowed });

    expect(described(call)).toBe(described(callFor(imageRepair, repair, { borrowed })));
    expect(described(call)).not.toMatch(/https?:|q-sign/);
  });
});
