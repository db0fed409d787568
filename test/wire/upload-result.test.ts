import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import {
  type ProcessedObject,
  readUploadResult,
  type UploadResult,
  writeUploadResult,
} from '../../shared/wire/upload-result.ts';
import { hostileXml, unlessFault, xmlText } from './hostile.ts';

const host = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';

const EXAMPLES: readonly (readonly [what: string, xml: string, value: UploadResult])[] = [
  [
    'one result with all its numbers, and the picture described',
    `<UploadResult>
      <OriginalInfo>
        <Key>in/cat.jpg</Key><Location>${host}/in/cat.jpg</Location>
        <ETag>&quot;ed60e3598e6862d8c8443a06acfb2153&quot;</ETag>
        <ImageInfo><Format>JPEG</Format><Width>500</Width><Height>417</Height><Quality>68</Quality>
          <Ave>0xc64847</Ave><Orientation>1</Orientation></ImageInfo>
      </OriginalInfo>
      <ProcessResults><Object>
        <Key>out/cat.png</Key><Location>${host}/out/cat.png</Location>
        <Format>png</Format><Width>500</Width><Height>417</Height><Size>288132</Size>
        <Quality>100</Quality><ETag>&quot;fa2a3d6081c1037f154401a64eec4b19&quot;</ETag>
      </Object></ProcessResults>
    </UploadResult>`,
    {
      original: {
        key: 'in/cat.jpg',
        location: `${host}/in/cat.jpg`,
        etag: 'ed60e3598e6862d8c8443a06acfb2153',
        imageInfo: {
          format: 'JPEG',
          width: 500,
          height: 417,
          quality: 68,
          ave: '0xc64847',
          orientation: 1,
        },
      },
      results: [
        {
          key: 'out/cat.png',
          location: `${host}/out/cat.png`,
          format: 'png',
          width: 500,
          height: 417,
          size: 288132,
          quality: 100,
          etag: 'fa2a3d6081c1037f154401a64eec4b19',
        },
      ],
    },
  ],
  [
    'several results that say little',
    `<UploadResult>
      <OriginalInfo><Key>a &amp; b.jpg</Key></OriginalInfo>
      <ProcessResults>
        <Object><Key>1.png</Key><Format/><Size>3</Size></Object>
        <Object><Key>2.png</Key><Format/></Object>
      </ProcessResults>
    </UploadResult>`,
    { original: { key: 'a & b.jpg' }, results: [{ key: '1.png', size: 3 }, { key: '2.png' }] },
  ],
  [
    'no result at all',
    '<UploadResult><OriginalInfo><Key>a.jpg</Key></OriginalInfo><ProcessResults/></UploadResult>',
    { original: { key: 'a.jpg' }, results: [] },
  ],
];

test.for(EXAMPLES)('an answer with %s is read and written', ([, xml, value]) => {
  expect(readUploadResult(xml)).toStrictEqual(value);
  const bare = (text: string) =>
    text
      .replace(/^<\?.*\?>/, '')
      .replace(/>\s+</g, '><')
      .trim();
  expect(bare(writeUploadResult(value))).toBe(bare(xml));
});

test('numbers that are none and empty etags are missing, and unknown elements do not matter', () => {
  const xml = `<UploadResult xmlns="http://www.example.com">
    <OriginalInfo><Key>a.jpg</Key><ETag/><Other><Deep/></Other></OriginalInfo>
    <ProcessResults><Object><Key>b.png</Key><Width/><Height>1.5</Height><Size>-3</Size>
      <Quality>99999999999999999999</Quality><ETag>abc</ETag><CodeStatus>0</CodeStatus>
    </Object></ProcessResults></UploadResult>`;
  expect(readUploadResult(xml)).toStrictEqual({
    original: { key: 'a.jpg' },
    results: [{ key: 'b.png', etag: 'abc' }],
  });
});

test('a number that is not known is left out, for an empty one stops the Java SDK', () => {
  const xml = writeUploadResult({ original: { key: 'a' }, results: [{ key: 'b' }] });
  expect(xml).not.toMatch(/Width|Height|Size|Quality|ImageInfo/);
  expect(xml).toContain('<Format/>');
});

test.for([
  ['<UploadResult/>', 'XML_UNREADABLE'],
  ['<UploadResult><OriginalInfo/></UploadResult>', 'XML_UNREADABLE'],
  ['<Error><Code>InternalError</Code></Error>', 'XML_UNREADABLE'],
  [
    `<UploadResult><OriginalInfo><Key>a</Key></OriginalInfo><ProcessResults>${'<Object><Key>a</Key></Object>'.repeat(1001)}</ProcessResults></UploadResult>`,
    'INPUT_TOO_LARGE',
  ],
] as const)('%.60s is refused with %s', ([xml, code]) => {
  expect(() => readUploadResult(xml)).toThrow(expect.objectContaining({ code }));
});

test.for(hostileXml('UploadResult'))('an answer made of %s is refused', ([, body]) => {
  expect(() => readUploadResult(body)).toThrow(Fault);
});

const number = fc.integer({ min: 0, max: 1e15 - 1 });
const token = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);
const processed: fc.Arbitrary<ProcessedObject> = fc.record(
  {
    key: xmlText,
    location: xmlText,
    format: token,
    width: number,
    height: number,
    size: number,
    quality: number,
    etag: token,
  },
  { requiredKeys: ['key'] },
);
const uploadResult: fc.Arbitrary<UploadResult> = fc.record({
  original: fc.record(
    {
      key: xmlText,
      location: xmlText,
      etag: token,
      imageInfo: fc.record(
        {
          format: token,
          width: number,
          height: number,
          quality: number,
          ave: token,
          orientation: number,
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['key'] },
  ),
  results: fc.array(processed, { maxLength: 4 }),
});

test('every answer comes back as it was', () => {
  fc.assert(
    fc.property(uploadResult, (value) => {
      expect(readUploadResult(writeUploadResult(value))).toEqual(value);
    }),
  );
});

test('a damaged answer is read or refused with a fault', () => {
  const whole = writeUploadResult({
    original: { key: 'a', etag: 'e', imageInfo: { width: 1 } },
    results: [{ key: 'b', size: 1 }],
  });
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(20), xmlText, (at, cut, put) => {
      unlessFault(() => readUploadResult(whole.slice(0, at) + put + whole.slice(at + cut)));
    }),
    { numRuns: 300 },
  );
});
