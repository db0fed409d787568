import { expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import {
  type CompleteMultipartResult,
  readCompleteMultipartResult,
  writeCompleteMultipartResult,
} from '../../shared/wire/complete-multipart-result.ts';
import { hostileXml } from './hostile.ts';

const EXAMPLES: readonly (readonly [what: string, xml: string, value: CompleteMultipartResult])[] =
  [
    [
      'without rules',
      '<CompleteMultipartUploadResult><Location>http://a-1.cos.ap-x.myqcloud.com/k</Location><Bucket>a-1</Bucket><Key>k</Key><ETag>&quot;abc-2&quot;</ETag></CompleteMultipartUploadResult>',
      { location: 'http://a-1.cos.ap-x.myqcloud.com/k', bucket: 'a-1', key: 'k', etag: 'abc-2' },
    ],
    [
      'with the picture described and one result',
      '<CompleteMultipartUploadResult><Bucket>a-1</Bucket><Key>k</Key><ImageInfo><Format>PNG</Format><Width>1</Width></ImageInfo><ProcessResults><Object><Key>r.png</Key><Format>png</Format><Size>9</Size></Object></ProcessResults></CompleteMultipartUploadResult>',
      {
        bucket: 'a-1',
        key: 'k',
        imageInfo: { format: 'PNG', width: 1 },
        results: [{ key: 'r.png', format: 'png', size: 9 }],
      },
    ],
    [
      'with rules that gave nothing',
      '<CompleteMultipartUploadResult><Key>k</Key><ProcessResults/></CompleteMultipartUploadResult>',
      { key: 'k', results: [] },
    ],
  ];

test.for(EXAMPLES)('a completed upload %s is read and written', ([, xml, value]) => {
  expect(readCompleteMultipartResult(xml)).toStrictEqual(value);
  expect(writeCompleteMultipartResult(value)).toContain(xml);
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

test.for(hostileXml('CompleteMultipartUploadResult'))('%s is refused', ([, body]) => {
  expect(() => readCompleteMultipartResult(body)).toThrow(Fault);
});
