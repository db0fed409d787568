import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JobFields } from '../../shared/wire/job-fields.ts';
import {
  readSegmentVideoBody,
  type SegmentVideoBody,
  writeSegmentVideoBody,
} from '../../shared/wire/segment-video-body.ts';

const inside = (...fields: JobFields): JobFields => [['SegmentVideoBody', fields]];
const black = { red: 0, green: 0, blue: 0 };

const PLAIN: SegmentVideoBody = {
  mode: 'Mask',
  segmentType: 'HumanSeg',
  background: black,
  binaryThreshold: 0,
  remove: black,
};

test('a job without parameters is a mask of people', () => {
  expect(readSegmentVideoBody([])).toStrictEqual(PLAIN);
  expect(readSegmentVideoBody([['SegmentVideoBody', '']])).toStrictEqual(PLAIN);
  expect(readSegmentVideoBody(inside(['Mode', ' ']))).toStrictEqual(PLAIN);
});

test('everything the job can be told is read and written', () => {
  const fields = inside(
    ['Mode', 'Combination'],
    ['SegmentType', 'SolidColorSeg'],
    ['BackgroundRed', '1'],
    ['BackgroundGreen', '2'],
    ['BackgroundBlue', '255'],
    ['BackgroundLogoUrl', 'http://a-1.cos.ap-x.myqcloud.com/bg.jpg'],
    ['BinaryThreshold', '200'],
    ['RemoveRed', '4'],
    ['RemoveGreen', '5'],
    ['RemoveBlue', '6'],
  );
  const job: SegmentVideoBody = {
    mode: 'Combination',
    segmentType: 'SolidColorSeg',
    background: { red: 1, green: 2, blue: 255 },
    backgroundLogoUrl: 'http://a-1.cos.ap-x.myqcloud.com/bg.jpg',
    binaryThreshold: 200,
    remove: { red: 4, green: 5, blue: 6 },
  };
  expect(readSegmentVideoBody(fields)).toStrictEqual(job);
  expect(writeSegmentVideoBody(job)).toStrictEqual(fields);
});

test.for([
  ['Mode', 'mask', 'Mode is one of Mask, Foreground, Combination'],
  ['Mode', 'Combination', 'needs a BackgroundLogoUrl'],
  ['SegmentType', 'constructor', 'SegmentType is one of'],
  ['BackgroundRed', '256', 'BackgroundRed is a whole number from 0 to 255'],
  ['BinaryThreshold', '-1', 'BinaryThreshold is'],
  ['RemoveBlue', '1.5', 'RemoveBlue is'],
] as const)('%s %s is refused: %s', ([name, value, why]) => {
  expect(() => readSegmentVideoBody(inside([name, value]))).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID', message: expect.stringContaining(why) }),
  );
});

test('every job comes back as it was', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const colour = fc.record({ red: byte, green: byte, blue: byte });
  const job: fc.Arbitrary<SegmentVideoBody> = fc.record({
    mode: fc.constantFrom('Mask', 'Foreground', 'Combination'),
    segmentType: fc.constantFrom('HumanSeg', 'GreenScreenSeg', 'SolidColorSeg'),
    background: colour,
    backgroundLogoUrl: fc.webUrl(),
    binaryThreshold: byte,
    remove: colour,
  });
  fc.assert(
    fc.property(job, (value) => {
      expect(readSegmentVideoBody(writeSegmentVideoBody(value))).toEqual(value);
    }),
  );
});
