import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type ErrorBody,
  errorInside,
  readErrorBody,
  writeErrorBody,
} from '../../shared/wire/error-body.ts';
import { anyText, anyTime, describeFormat } from './wire-format.ts';

const HOST = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';

const missing: ErrorBody = {
  code: 'NoSuchKey',
  message: 'The specified key does not exist.',
  resource: `${HOST}/missing.jpg`,
  requestId: 'NjQyNTJhZDdfNDU0',
  traceId: 'OGVmYzZi',
};

describeFormat<ErrorBody>({
  root: 'Error',
  read: readErrorBody,
  write: writeErrorBody,
  examples: [
    [
      'a missing object',
      missing,
      '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>' +
        `<Resource>${HOST}/missing.jpg</Resource><RequestId>NjQyNTJhZDdfNDU0</RequestId>` +
        '<TraceId>OGVmYzZi</TraceId></Error>',
    ],
    [
      'a wrong signature, with what the service signed',
      {
        code: 'SignatureDoesNotMatch',
        message: 'The Signature you specified is invalid.',
        stringToSign: 'sha1\n1700000000;1700003600\n7ea33791\n',
        formatString: 'get\n/a b/图.jpg\n\nhost=a&x-cos-acl=private\n',
        resource: '/a b/图.jpg',
        requestId: 'r',
        traceId: 't',
      },
      '<Error><Code>SignatureDoesNotMatch</Code><Message>The Signature you specified is invalid.' +
        '</Message><StringToSign>sha1\n1700000000;1700003600\n7ea33791\n</StringToSign>' +
        '<FormatString>get\n/a b/图.jpg\n\nhost=a&amp;x-cos-acl=private\n</FormatString>' +
        '<Resource>/a b/图.jpg</Resource><RequestId>r</RequestId><TraceId>t</TraceId></Error>',
    ],
    [
      'an expired signature, with the clock of the service',
      {
        ...missing,
        code: 'AccessDenied',
        message: 'Request has expired',
        serverTime: Date.UTC(2019, 4, 24, 10, 56, 40),
      },
      '<Error><Code>AccessDenied</Code><Message>Request has expired</Message>' +
        `<ServerTime>2019-05-24T10:56:40Z</ServerTime><Resource>${HOST}/missing.jpg</Resource>` +
        '<RequestId>NjQyNTJhZDdfNDU0</RequestId><TraceId>OGVmYzZi</TraceId></Error>',
    ],
  ],
  values: fc.record(
    {
      code: fc.constantFrom('NoSuchKey', 'AccessDenied', 'SlowDown'),
      message: anyText,
      resource: anyText,
      requestId: anyText,
      traceId: anyText,
      stringToSign: anyText,
      formatString: anyText,
      serverTime: anyTime.map((time) => time - (time % 1000)),
    },
    { requiredKeys: ['code', 'message', 'resource', 'requestId', 'traceId'] },
  ),
});

describe('the other forms of an error', () => {
  test('Cloud Infinite names no resource', () => {
    const error = readErrorBody(
      '<Error><Code>CIRoleNotExist</Code><Message>m</Message><RequestId>r</RequestId></Error>',
    );

    expect(error).toEqual({
      code: 'CIRoleNotExist',
      message: 'm',
      resource: '',
      requestId: 'r',
      traceId: '',
    });
  });

  test.for([
    ['{"code":-60997,"message":"too many rules","request_id":"r"}', '-60997'],
    [
      ' \n{"code":"InvalidArgument","message":"too many rules","request_id":"r"}',
      'InvalidArgument',
    ],
  ] as const)('some paths of Cloud Infinite answer JSON: %s', ([json, code]) => {
    expect(readErrorBody(json)).toEqual({
      code,
      message: 'too many rules',
      resource: '',
      requestId: 'r',
      traceId: '',
    });
  });

  test.for(['{"message":"no code"}', '{"code":', '<Error/>', '<html></html>', '502 Bad Gateway'])(
    'what has no code is no error body: %s',
    (body) => {
      expect(() => readErrorBody(body)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(XML|JSON)_UNREADABLE$/) }),
      );
    },
  );

  test('an error about what XML cannot carry is still an error', () => {
    const error = readErrorBody(
      writeErrorBody({
        ...missing,
        message: 'no \0 here',
        resource: '/a\u0007b\uD83D',
        stringToSign: '\u001b',
        formatString: '\uFFFF',
      }),
    );

    expect(error).toMatchObject({
      message: 'no \uFFFD here',
      resource: '/a\uFFFDb\uFFFD',
      stringToSign: '\uFFFD',
      formatString: '\uFFFD',
    });
  });

  test('a clock nobody can read does not hide the error', () => {
    const body = '<Error><Code>AccessDenied</Code><ServerTime>soon</ServerTime></Error>';

    expect(readErrorBody(body)).toMatchObject({ code: 'AccessDenied', serverTime: undefined });
  });

  test('an answer of status 200 may hold an error, after white space that kept the line open', () => {
    const late = `<?xml version='1.0' encoding='utf-8' ?>\n   \n${'<Error><Code>SlowDown</Code></Error>'}`;

    expect(errorInside(late)?.code).toBe('SlowDown');
    expect(errorInside(`  \n${late}`)?.code).toBe('SlowDown');
    expect(errorInside('<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>')).toBeUndefined();
  });
});
