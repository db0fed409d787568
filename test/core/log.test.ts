import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import { logLine, logTo } from '../../shared/core/log.ts';

describe('a log line', () => {
  test('is a phrase and fields, the phrase first', () => {
    expect(logLine('info', 'planned', { key: 'products/mug.jpg', steps: 1, skips: 0 })).toBe(
      '{"event":"planned","level":"info","key":"products/mug.jpg","steps":1,"skips":0}',
    );
  });

  test('is flat: objects become fields of their own, lists become text', () => {
    const line = logLine('info', 'planned', {
      source: { key: 'a.jpg', size: 3 },
      rules: ['goods', 'people'],
      at: new Date(0),
      left: undefined,
    });
    expect(JSON.parse(line)).toEqual({
      event: 'planned',
      level: 'info',
      'source.key': 'a.jpg',
      'source.size': 3,
      rules: 'goods, people',
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  test('tells of a fault what people and alarms look for', () => {
    const fault = new Fault('FILEID_INVALID', 'A fileid must name a file', {
      detail: { fileid: 'a/' },
      hint: 'Name a file.',
    });
    expect(JSON.parse(logLine('error', 'failed', { fault }))).toEqual({
      event: 'failed',
      level: 'error',
      'fault.code': 'FILEID_INVALID',
      'fault.message': 'A fileid must name a file',
      'fault.hint': 'Name a file.',
      'fault.detail.fileid': 'a/',
    });
  });

  test('cannot be given another phrase or level by a field', () => {
    const line = logLine('warn', 'planned', { event: 'other', level: 'info' });
    expect(line).toBe('{"event":"planned","level":"warn"}');
  });

  test('is one JSON object on one line of bounded length, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.object({ maxDepth: 6 }), (event, fields) => {
        const line = logLine('info', event, fields);
        expect(line).not.toMatch(/[\n\r]/);
        for (const value of Object.values(JSON.parse(line))) {
          expect(value ?? '').not.toBeTypeOf('object');
        }
      }),
    );
  });

  test('is bounded in fields, depth and length', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`n${n}`, n]));
    const long = '/'.repeat(10_000_000);

    expect(logLine('info', 'x', { circle }).length).toBeLessThan(500);
    expect(Object.keys(JSON.parse(logLine('info', 'x', many)))).toHaveLength(60);
    expect(logLine('info', 'x', { long }).length).toBeLessThan(5000);
    expect(logLine('info', 'x', { list: Array.from({ length: 9999 }, String) })).toContain('…');
  });

  test('keeps a field called __proto__ a field', () => {
    const fields: unknown = JSON.parse('{"__proto__": {"admin": true}}');
    expect(logLine('info', 'x', fields as Record<string, unknown>)).toBe(
      '{"event":"x","level":"info","__proto__.admin":true}',
    );
  });
});

const SECRET = 'c0ffee5ec7e7c0ffee5ec7e7c0ffee5ec7e7abcd';
const SIGNED = `q-sign-algorithm=sha1&q-ak=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=${SECRET}`;
const ADDRESS = `https://studio-1300001234.cos.ap-guangzhou.myqcloud.com/masks/mug.png?${SIGNED}&x-cos-security-token=${SECRET}`;
const base64 = (text: string) => Buffer.from(text).toString('base64url');

describe('no secret is written', () => {
  test.for<[string, Record<string, unknown>]>([
    ['a field by its name', { authorization: SECRET }],
    ['a header in a field of headers', { headers: { 'X-Cos-Security-Token': SECRET } }],
    ['a key pair', { credentials: { secretId: SECRET, secretKey: SECRET } }],
    ['a signed address', { url: ADDRESS }],
    ['a signed address within a message', { message: `GET ${ADDRESS} gave 403 (${ADDRESS})` }],
    ['a signed address within JSON', { body: JSON.stringify({ url: ADDRESS, n: 1 }) }],
    ['an encoded signed address', { url: encodeURIComponent(ADDRESS) }],
    ['a signed address in a list', { urls: [ADDRESS, ADDRESS] }],
    ['a mask in a rule', { rule: `ImageRepair/MaskPic/${base64(ADDRESS)}` }],
    ['a mask in a rule, moved by one byte', { rule: `ImageRepair/${base64(`x${ADDRESS}`)}` }],
    ['a mask in a rule, moved by two bytes', { rule: `ImageRepair/${base64(`xy${ADDRESS}`)}` }],
    ['an Authorization value', { value: SIGNED }],
    ['a header in a text', { dump: `GET / HTTP/1.1\nAuthorization: ${SECRET}\nHost: x` }],
    ['a TC3 header', { said: `TC3-HMAC-SHA256 Credential=AKIDabcdefgh, Signature=${SECRET}` }],
    ['an API key', { said: `sent Bearer ${SECRET}` }],
    ['a render link', { link: `https://x.example/v1/render/a/b?expires=1&signature=${SECRET}` }],
    [
      'an encoded render link',
      { link: encodeURIComponent(`https://x.example/v1/render/a/b?expires=1&signature=${SECRET}`) },
    ],
    ['a callback address', { to: `https://x.example/v1/callbacks/${SECRET}` }],
    ['a fault', { fault: new Fault('URL_UNREADABLE', ADDRESS, { detail: { ADDRESS } }) }],
    ['a name of a field', { [ADDRESS]: 1 }],
    ['a field in a text', { said: `{"sessionToken":"${SECRET}"}` }],
  ])('%s', ([, fields]) => {
    const line = logLine('info', `said ${ADDRESS}`, fields);
    expect(line).toContain('[redacted]');
    expect(line).not.toContain(SECRET);
    expect(line).not.toMatch(/AKID\w{8}/);
    expect(line).not.toContain(base64(ADDRESS).slice(-40));
  });

  test('and what is no secret stays readable', () => {
    const fields = {
      step: 'studio-1300001234/in/a.jpg@0123456789abcdef0123456789abcdef | GoodsMatting/center-layout/1 | studio-1300001234/out/a.png',
      requestId: 'NWU5MDNlYzBfNzFhOTQwMGFfMTBjNTVfMTcyOTk0',
      url: 'https://studio-1300001234.cos.ap-guangzhou.myqcloud.com/in/a.jpg?versionId=1',
      tokens: 5,
      message: 'A basic picture, the bearer of a sign',
    };
    expect(JSON.parse(logLine('info', 'x', fields))).toMatchObject(fields);
  });

  test('and a signed address says where it led', () => {
    expect(logLine('info', 'x', { url: ADDRESS })).toContain('masks/mug.png?[redacted]');
  });

  test('in good time, for texts made to be slow', () => {
    for (const piece of ['authorization ', 'token', 'AKID', 'q-sign?', '/callbacks/', 'Bearer ']) {
      const started = performance.now();
      logLine('info', 'x', { text: piece.repeat(100_000) });
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });
});

test('a log hands on its fixed fields with each line', () => {
  const lines: string[] = [];
  const log = logTo((line) => lines.push(line)).with({ function: 'on-upload' });
  log.info('planned', { steps: 1 });
  log.with({ requestId: 'r1' }).warn('waiting');
  log.error('stopped');

  expect(lines).toEqual([
    '{"event":"planned","level":"info","function":"on-upload","steps":1}',
    '{"event":"waiting","level":"warn","function":"on-upload","requestId":"r1"}',
    '{"event":"stopped","level":"error","function":"on-upload"}',
  ]);
});
