import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ProcessedObject,
  readUploadResult,
  type UploadResult,
  writeUploadResult,
} from '../../shared/wire/upload-result.ts';
import { anyText, describeFormat } from './wire-format.ts';

const host = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';

const number = fc.integer({ min: 0, max: 1e15 - 1 });
const token = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);
const processed: fc.Arbitrary<ProcessedObject> = fc.record(
  {
    key: anyText,
    location: anyText,
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
      key: anyText,
      location: anyText,
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

describeFormat<UploadResult>({
  root: 'UploadResult',
  read: readUploadResult,
  write: writeUploadResult,
  examples: [
    [
      'one result with all its numbers, and the picture described',
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
      `<UploadResult><OriginalInfo><Key>in/cat.jpg</Key><Location>${host}/in/cat.jpg</Location>` +
        '<ETag>&quot;ed60e3598e6862d8c8443a06acfb2153&quot;</ETag><ImageInfo><Format>JPEG</Format>' +
        '<Width>500</Width><Height>417</Height><Quality>68</Quality><Ave>0xc64847</Ave>' +
        '<Orientation>1</Orientation></ImageInfo></OriginalInfo><ProcessResults><Object>' +
        `<Key>out/cat.png</Key><Location>${host}/out/cat.png</Location><Format>png</Format>` +
        '<Width>500</Width><Height>417</Height><Size>288132</Size><Quality>100</Quality>' +
        '<ETag>&quot;fa2a3d6081c1037f154401a64eec4b19&quot;</ETag></Object></ProcessResults></UploadResult>',
    ],
    [
      'several results that say little, and so have no number that is empty',
      { original: { key: 'a & b.jpg' }, results: [{ key: '1.png', size: 3 }, { key: '2.png' }] },
      '<UploadResult><OriginalInfo><Key>a &amp; b.jpg</Key></OriginalInfo><ProcessResults>' +
        '<Object><Key>1.png</Key><Format/><Size>3</Size></Object>' +
        '<Object><Key>2.png</Key><Format/></Object></ProcessResults></UploadResult>',
    ],
    [
      'no result at all',
      { original: { key: 'a.jpg' }, results: [] },
      '<UploadResult><OriginalInfo><Key>a.jpg</Key></OriginalInfo><ProcessResults/></UploadResult>',
    ],
  ],
  values: uploadResult,
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
