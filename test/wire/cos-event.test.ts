import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CosOccurrence, readUploads, writeCosEvent } from '../../shared/wire/cos-event.ts';
import { isFolderMarker } from '../../shared/wire/upload.ts';
import { anyJsonText } from './any-characters.ts';
import { refusedOrRead } from './wire-format.ts';

/** As documented: one short region, an integer for reqid, an event of any kind of upload. */
const documented = {
  Records: [
    {
      cos: {
        cosSchemaVersion: '1.0',
        cosObject: {
          url: 'http://testpic-1253970026.cos.ap-chengdu.myqcloud.com/testfile',
          meta: { 'x-cos-request-id': 'NWMxOWY4MGFf', 'Content-Type': '' },
          vid: '',
          key: '/1253970026/testpic/testfile',
          size: 1029,
        },
        cosBucket: { region: 'cd', name: 'testpic', appid: '1253970026' },
        cosNotificationId: 'unkown',
      },
      event: {
        eventName: 'cos:ObjectCreated:*',
        eventVersion: '1.0',
        eventTime: 1545205770,
        eventSource: 'qcs::cos',
        requestParameters: {
          requestSourceIP: '192.168.15.101',
          requestHeaders: { Authorization: 'q-sign-algorithm=sha1' },
        },
        eventQueue: 'qcs:0:scf:cd:appid/1253970026:default.printevent.$LATEST',
        reservedInfo: '',
        reqid: 179398952,
      },
    },
  ],
};

test('the documented event is one upload', () => {
  expect(readUploads(documented)).toStrictEqual([
    {
      bucket: 'testpic-1253970026',
      region: 'ap-chengdu',
      key: 'testfile',
      eventName: 'cos:ObjectCreated:*',
      size: 1029,
      at: 1_545_205_770_000,
    },
  ]);
});

const HAPPENED: CosOccurrence = {
  bucket: 'studio-1300001234',
  region: 'ap-guangzhou',
  key: 'incoming/shoes/red boot+1 #50%.jpg',
  eventName: 'cos:ObjectCreated:Put',
  size: 482113,
  at: 1_767_225_600_000,
  meta: { 'Content-Type': 'image/jpeg', 'x-cos-meta-order': 'A-1029' },
  queue: 'qcs:0:scf:ap-guangzhou:appid/1300001234:default.on-upload.$DEFAULT',
  sourceIp: '203.0.113.24',
};

test('the captured event is written and read', () => {
  const event = writeCosEvent([HAPPENED]);
  expect(event).toStrictEqual({
    Records: [
      {
        cos: {
          cosSchemaVersion: '1.0',
          cosObject: {
            url: 'http://studio-1300001234.cos.ap-guangzhou.myqcloud.com/incoming/shoes/red%20boot%2B1%20%2350%25.jpg',
            meta: { 'Content-Type': 'image/jpeg', 'x-cos-meta-order': 'A-1029' },
            vid: '',
            key: '/1300001234/studio/incoming/shoes/red boot+1 #50%.jpg',
            size: 482113,
          },
          cosBucket: {
            region: 'gz',
            cosRegion: 'ap-guangzhou',
            s3Region: 'ap-guangzhou',
            name: 'studio',
            appid: '1300001234',
          },
          cosNotificationId: 'unkown',
        },
        event: {
          eventName: 'cos:ObjectCreated:Put',
          eventVersion: '1.0',
          eventTime: 1767225600,
          eventSource: 'qcs::cos',
          requestParameters: { requestSourceIP: '203.0.113.24', requestHeaders: {} },
          eventQueue: 'qcs:0:scf:ap-guangzhou:appid/1300001234:default.on-upload.$DEFAULT',
          reservedInfo: '',
          reqid: 0,
        },
      },
    ],
  });
  const { bucket, region, key, eventName, size, at } = HAPPENED;
  expect(readUploads(event)).toStrictEqual([{ bucket, region, key, eventName, size, at }]);
});

test('the signature of the upload is passed on only when that is asked for', () => {
  const signed = writeCosEvent([{ ...HAPPENED, authorization: 'q-sign-algorithm=sha1' }]);
  expect(JSON.stringify(signed)).toContain('q-sign-algorithm');
  expect(JSON.stringify(writeCosEvent([HAPPENED]))).not.toContain('Authorization');
});

interface Parts {
  readonly url?: string;
  readonly key?: string;
  readonly bucket?: object;
  readonly event?: object;
}

const host = 'http://a-1250000000.cos.ap-guangzhou.myqcloud.com';

/** An event of one record in which only what a test is about differs. */
function eventOf({ url, key, bucket = {}, event = {} }: Parts) {
  const name = { eventName: 'cos:ObjectCreated:Put', ...event };
  return { Records: [{ cos: { cosObject: { url, key }, cosBucket: bucket }, event: name }] };
}

const readKey = (parts: Parts) => readUploads(eventOf(parts))[0]?.key;

describe('the object of a record', () => {
  test.for([
    ['http://a-1250000000.cos.ap-guangzhou.myqcloud.com/k'],
    ['https://a-1250000000.cos.ap-guangzhou.tencentcos.cn/k'],
    ['http://a-1250000000.cos-internal.ap-guangzhou.myqcloud.com/k'],
    ['http://a-1250000000.cos-internal.ap-guangzhou.tencentcos.cn:80/k'],
    ['HTTP://A-1250000000.COS.ap-guangzhou.myqcloud.com/k'],
  ] as const)('is read from %s', ([url]) => {
    expect(readUploads(eventOf({ url }))).toMatchObject([
      { bucket: 'a-1250000000', region: 'ap-guangzhou', key: 'k' },
    ]);
  });

  test.for([
    ['%E7%8C%AB%20%26.png', '猫 &.png'],
    ['a/b//c.png', 'a/b//c.png'],
    ['a%2Fb.png', 'a/b.png'],
    ['a+b%2B.png', 'a+b+.png'],
    ['a/../b.png', 'a/../b.png'],
    ['a%2525.png', 'a%25.png'],
    ['folder/', 'folder/'],
    ['100%.png', '100%.png'],
    ['a?b#c.png', 'a?b#c.png'],
  ] as const)('has for the path %s the key %s', ([path, key]) => {
    expect(readKey({ url: `${host}/${path}` })).toBe(key);
  });

  test.for([
    ['a%20b%2Bc', 'a b+c'],
    ['a%20b%2Bc', 'a%20b%2Bc'],
    ['a%20b%2Bc', 'a+b%2Bc'],
    ['100%', '100%'],
    ['1250000000/a/k', '1250000000/a/k'],
  ] as const)(
    'is the same for the path %s and the key %s, however that is encoded',
    ([path, key]) => {
      expect(readKey({ url: `${host}/${path}`, key: `/1250000000/a/${key}` })).toBe(
        decodeURIComponent(path === '100%' ? '100%25' : path),
      );
    },
  );

  test('is read from its key when there is no address, with its prefix taken off once', () => {
    const bucket = { region: 'gz', name: 'a', appid: '1250000000' };
    const key = '/1250000000/a/1250000000/a/k%20+';
    expect(readUploads(eventOf({ key, bucket }))).toMatchObject([
      { bucket: 'a-1250000000', region: 'ap-guangzhou', key: '1250000000/a/k%20+' },
    ]);
  });

  test.for([
    [{ region: 'shjr' }, 'ap-shanghai-fsi'],
    [{ cosRegion: 'bj', region: 'ap-beijing' }, 'ap-beijing'],
    [{ region: 'usw', s3Region: 'na-siliconvalley' }, 'na-siliconvalley'],
    [{ region: 'ap-beijing-1' }, 'ap-beijing-1'],
  ] as const)('is in the region %j means when its address names none: %s', ([bucket, region]) => {
    expect(readUploads(eventOf({ key: '/1250000000/a/k', bucket }))[0]?.region).toBe(region);
    const url = 'http://a-1250000000.cos.accelerate.myqcloud.com/k';
    expect(readUploads(eventOf({ url, bucket }))[0]?.region).toBe(region);
  });

  test.for([
    ['another key', { url: `${host}/k`, key: '/1250000000/a/other' }],
    ['another bucket', { url: `${host}/k`, key: '/1250000000/b/k' }],
    ['a bucket the event is not about', { key: '/1250000000/a/k', bucket: { name: 'b' } }],
    ['a key without its prefix', { url: `${host}/k`, key: 'k' }],
    ['a bucket and no key', { url: `${host}/` }],
    ['the old host', { url: 'http://a-1250000000.cosgz.myqcloud.com/k' }],
    ['a host of somebody else', { url: 'http://a-1250000000.cos.ap-x.myqcloud.com.evil.com/k' }],
    ['a host without an appid', { url: 'http://a.cos.ap-x.myqcloud.com/k' }],
    ['a path that is too long', { url: `${host}/${'a'.repeat(20_000)}` }],
    ['nothing', {}],
    ['no region', { key: '/1250000000/a/k' }],
    ['a region nobody knows', { key: '/1250000000/a/k', bucket: { region: 'xx' } }],
    ['a region called like a prototype', { key: '/1/a/k', bucket: { region: '__proto__' } }],
  ] as const)('is not guessed when the record names %s', ([, parts]) => {
    expect(() => readUploads(eventOf(parts))).toThrow(
      expect.objectContaining({ code: 'EVENT_UNREADABLE' }),
    );
  });
});

test('all records of an event are read, and those that are no uploads left out', () => {
  const records = [
    'cos:ObjectCreated:Put',
    'cos:ObjectRemove:Delete',
    'cos:ObjectRemove:DeleteMarkerCreated',
    'cos:ObjectRestore:Completed',
    'cos:InventoryReportCreated:Put',
    'cos:ObjectCreated:CompleteMultipartUpload',
  ].flatMap((eventName, at) => eventOf({ url: `${host}/${at}`, event: { eventName } }).Records);
  expect(readUploads({ Records: records }).map(({ key }) => key)).toEqual(['0', '5']);
  expect(readUploads({ Records: [] })).toEqual([]);
});

test('a size or time that is odd or missing does not hide the upload', () => {
  const event = { eventTime: 'now' };
  expect(readUploads(eventOf({ url: `${host}/k`, event }))).toStrictEqual([
    {
      bucket: 'a-1250000000',
      region: 'ap-guangzhou',
      key: 'k',
      eventName: 'cos:ObjectCreated:Put',
    },
  ]);
});

test('a folder of the console can be told from a file', () => {
  expect(isFolderMarker({ key: 'a/', size: 0 })).toBe(true);
  expect(isFolderMarker({ key: 'a/' })).toBe(true);
  expect(isFolderMarker({ key: 'a/', size: 1 })).toBe(false);
  expect(isFolderMarker({ key: 'a', size: 0 })).toBe(false);
});

test('the object a workflow hands on is an upload like any other', () => {
  const ObjectInfo = { BucketId: 'a-1250000000', Region: 'ap-guangzhou', Object: 'in/a b.jpg' };
  expect(readUploads({ ObjectInfo, Upstream: {} })).toStrictEqual([
    {
      bucket: 'a-1250000000',
      region: 'ap-guangzhou',
      key: 'in/a b.jpg',
      eventName: 'ci:Workflow',
    },
  ]);
});

const cyclic: { Records?: unknown } = {};
cyclic.Records = [cyclic];

test.for([
  ['nothing', undefined],
  ['null', null],
  ['text', '{"Records":[]}'],
  ['a list', []],
  ['an empty object', {}],
  ['a timer', { Type: 'Timer', TriggerName: 'a', Time: '', Message: '' }],
  ['records that are text', { Records: 'all' }],
  ['a record that is null', { Records: [null] }],
  ['a record of a queue', { Records: [{ CMQ: { msgBody: '' } }] }],
  ['an event without a name', eventOf({ url: `${host}/k`, event: { eventName: '' } })],
  ['inherited records', Object.create({ Records: [] })],
] as const)('%s is no event of COS', ([, event]) => {
  expect(() => readUploads(event)).toThrow(
    expect.objectContaining({
      code: expect.stringMatching(/^(?:EVENT|JSON)_UNREADABLE$/),
    }),
  );
});

test.for([
  ['more than a thousand records', { Records: Array(1001).fill(documented.Records[0]) }],
  ['records inside themselves', cyclic],
  ['a million values', { Records: [], more: Array(1_000_000).fill(0) }],
] as const)('an event with %s is more than is read', ([, event]) => {
  expect(() => readUploads(event)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
});

test('half a character in a key is refused, for two keys could become one', () => {
  expect(() => readUploads(eventOf({ url: `${host}/a`, key: '/1/a/\ud800' }))).toThrow(
    expect.objectContaining({ code: 'JSON_UNREADABLE' }),
  );
});

test('every object is found again in the event about it', () => {
  const key = anyJsonText.filter((text) => text !== '');
  const happened = fc.record({
    bucket: fc.constantFrom('a-1250000000', 'x-y-1-1300001234'),
    region: fc.constantFrom('ap-guangzhou', 'na-toronto', 'eu-frankfurt'),
    key,
    eventName: fc.constantFrom('cos:ObjectCreated:Put', 'cos:ObjectCreated:Copy'),
    size: fc.nat(),
    at: fc.nat(4_000_000_000).map((seconds) => seconds * 1000),
  });
  fc.assert(
    fc.property(fc.array(happened, { maxLength: 3 }), (all) => {
      const event = writeCosEvent(
        all.map((one) => ({ ...one, meta: {}, queue: '', sourceIp: '127.0.0.1' })),
      );
      expect(readUploads(JSON.parse(JSON.stringify(event)))).toEqual(all);
    }),
    { numRuns: 300 },
  );
});

test('whatever an event holds, only faults are thrown', () => {
  const text = fc.oneof(
    fc.constantFrom(`${host}/k`, '/1250000000/a/k', 'gz', 'cos:ObjectCreated:Put', '', '__proto__'),
    fc.string(),
    fc.integer(),
  );
  const record = fc.record({
    cos: fc.record(
      {
        cosObject: fc.record({ url: text, key: text, size: text }, { requiredKeys: [] }),
        cosBucket: fc.dictionary(fc.constantFrom('name', 'appid', 'region', '__proto__'), text),
      },
      { requiredKeys: [] },
    ),
    event: fc.record({
      eventName: fc.oneof(fc.constant('cos:ObjectCreated:Put'), text),
      eventTime: text,
    }),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(record, fc.jsonValue()), { maxLength: 2 }), (Records) => {
      refusedOrRead(() => readUploads({ Records }));
    }),
    { numRuns: 500 },
  );
});
