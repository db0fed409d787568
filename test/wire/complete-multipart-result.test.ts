import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CompleteMultipartResult,
  readCompleteMultipartResult,
  writeCompleteMultipartResult,
} from '../../shared/wire/complete-multipart-result.ts';
import { anyEtag, anyText, describeFormat } from './wire-format.ts';

describeFormat<CompleteMultipartResult>({
  root: 'CompleteMultipartUploadResult',
  read: readCompleteMultipartResult,
  write: writeCompleteMultipartResult,
  examples: [
    [
      'a picture without rules',
      { location: 'http://a-1.cos.ap-x.myqcloud.com/k', bucket: 'a-1', key: 'k', etag: 'abc-2' },
      '<CompleteMultipartUploadResult><Location>http://a-1.cos.ap-x.myqcloud.com/k</Location>' +
        '<Bucket>a-1</Bucket><Key>k</Key><ETag>&quot;abc-2&quot;</ETag></CompleteMultipartUploadResult>',
    ],
    [
      'a picture described, and one result',
      {
        bucket: 'a-1',
        key: 'k',
        imageInfo: { format: 'PNG', width: 1 },
        results: [{ key: 'r.png', format: 'png', size: 9 }],
      },
      '<CompleteMultipartUploadResult><Bucket>a-1</Bucket><Key>k</Key><ImageInfo><Format>PNG</Format>' +
        '<Width>1</Width></ImageInfo><ProcessResults><Object><Key>r.png</Key><Format>png</Format>' +
        '<Size>9</Size></Object></ProcessResults></CompleteMultipartUploadResult>',
    ],
    [
      'rules that gave nothing',
      { key: 'k', results: [] },
      '<CompleteMultipartUploadResult><Key>k</Key><ProcessResults/></CompleteMultipartUploadResult>',
    ],
  ],
  values: fc.record(
    {
      location: anyText,
      bucket: anyText,
      key: anyText,
      etag: anyEtag,
      imageInfo: fc.record({ width: fc.nat(), height: fc.nat() }, { requiredKeys: [] }),
      results: fc.array(fc.record({ key: anyText, size: fc.nat(), etag: anyEtag }), {
        maxLength: 3,
      }),
    },
    { requiredKeys: ['key'] },
  ),
});

test('the namespace of the sample and white space that kept the line open do not matter', () => {
  const xml = `  \n <?xml version="1.0" encoding="UTF-8"?>
    <CompleteMultipartUploadResult xmlns="http://www.qcloud.com/document/product/436/7751">
      <Key>k</Key></CompleteMultipartUploadResult>`;
  expect(readCompleteMultipartResult(xml)).toStrictEqual({ key: 'k' });
});

test('an error after a 200 is no result', () => {
  expect(() => readCompleteMultipartResult('<Error><Code>SlowDown</Code></Error>')).toThrow(
    expect.objectContaining({ code: 'XML_UNREADABLE' }),
  );
});
