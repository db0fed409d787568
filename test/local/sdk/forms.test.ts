import { createHash, createHmac } from 'node:crypto';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, expect, test } from 'vitest';
import { BUCKET, engineForTests, HOST, KEYS } from '../engine-for-tests.ts';
import { type RawAnswer, rawRequest } from '../raw-request.ts';

const started = await engineForTests();
const { engine } = started;
afterAll(() => started.stop());

type Field = readonly [name: string, value: string];

interface Form {
  readonly fields: readonly Field[];
  readonly file?: string;
  readonly fileName?: string;
  readonly host?: string;
}

const BOUNDARY = 'a-boundary-of-a-browser';

/** A form as browsers send it, the file last. */
function post({ fields, file = 'content', fileName = 'cat.png', host = HOST }: Form) {
  const parts = fields.map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const last = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: image/png\r\n\r\n${file}\r\n--${BOUNDARY}--\r\n`;
  return rawRequest(engine.port, {
    line: 'POST /',
    headers: { Host: host, 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: [...parts, last].join(''),
  });
}

const hmac = (key: string, text: string) => createHmac('sha1', key).update(text).digest('hex');

/** The fields of a policy, signed by the documented steps. */
function signed(
  conditions: readonly unknown[],
  { ends, keys = KEYS }: { ends?: number; keys?: typeof KEYS } = {},
) {
  const now = Math.floor(Date.now() / 1000);
  const keyTime = `${now - 60};${now + 900}`;
  const expiration = new Date((ends ?? now + 900) * 1000).toISOString();
  const policy = JSON.stringify({
    expiration,
    conditions: [
      { 'q-sign-algorithm': 'sha1' },
      { 'q-ak': keys.secretId },
      { 'q-sign-time': keyTime },
      ...conditions,
    ],
  });
  const digest = createHash('sha1').update(policy).digest('hex');
  return [
    ['policy', Buffer.from(policy).toString('base64')],
    ['q-sign-algorithm', 'sha1'],
    ['q-ak', keys.secretId],
    ['q-key-time', keyTime],
    ['q-signature', hmac(hmac(keys.secretKey, keyTime), digest)],
  ] as const;
}

function errorOf({ status, body }: RawAnswer) {
  const { Error: said } = COS.util.xml2json(body.toString());
  return { status, code: said.Code as string, message: said.Message as string };
}

const content = async (key: string) => {
  const stored = engine.storage.objects.get(BUCKET, key);
  const bytes = stored?.read();
  stored?.close();
  return Buffer.isBuffer(bytes) ? bytes.toString() : undefined;
};

test('a signed form uploads its file and what it says about it', async () => {
  const answer = await post({
    fields: [
      ['key', 'forms/图 1.png'],
      ['Content-Type', 'image/webp'],
      ['x-cos-meta-owner', 'somebody'],
      ['x-cos-storage-class', 'STANDARD_IA'],
      ...signed([['starts-with', '$key', 'forms/'], { bucket: BUCKET }]),
    ],
  });
  expect(answer).toMatchObject({
    status: 204,
    headers: {
      etag: '"9a0364b9e99bb480dd25e1f0284c8555"',
      location: `http://${HOST}/forms/%E5%9B%BE%201.png`,
      'x-cos-request-id': expect.stringMatching(/./),
    },
  });
  expect(answer.body.toString()).toBe('');
  expect(engine.storage.objects.head(BUCKET, 'forms/图 1.png')).toMatchObject({
    size: 7,
    contentType: 'image/webp',
    storageClass: 'STANDARD_IA',
    metadata: { owner: 'somebody' },
  });
});

test('the name of the file may be part of the key', async () => {
  const name = '$' + '{filename}';
  await post({ fields: [['key', `forms/${name}`], ...signed([])], fileName: '猫 2.png' });
  expect(await content('forms/猫 2.png')).toBe('content');
});

test('a form that shall overwrite nothing does not', async () => {
  const form: Form = {
    fields: [['key', 'forms/once'], ['x-cos-forbid-overwrite', 'true'], ...signed([])],
  };
  expect((await post(form)).status).toBe(204);
  expect(errorOf(await post(form))).toMatchObject({ status: 409, code: 'FileAlreadyExists' });
});

test('a form cannot ask for an encryption that nobody does', async () => {
  const encryption = ['x-cos-server-side-encryption', 'AES256'] as const;
  const answer = await post({ fields: [['key', 'forms/secret'], encryption, ...signed([])] });
  expect(errorOf(answer)).toMatchObject({ status: 501, code: 'NotImplemented' });
  expect(await content('forms/secret')).toBeUndefined();
});

test.for([
  ['200', 200],
  ['201', 201],
  ['204', 204],
  ['404', 204],
] as const)('success_action_status %s answers %s', async ([asked, status]) => {
  const fields: Field[] = [
    ['key', 'forms/status'],
    ['success_action_status', asked],
  ];
  const answer = await post({ fields: [...fields, ...signed([])] });
  expect(answer.status).toBe(status);
  expect(answer.body.toString()).toBe('');
});

test('a page to go on to wins over a status, and hears what was stored', async () => {
  const answer = await post({
    fields: [
      ['key', 'forms/a b'],
      ['success_action_status', '200'],
      ['success_action_redirect', 'https://example.com/done?from=form'],
      ...signed([]),
    ],
  });
  expect(answer).toMatchObject({
    status: 303,
    headers: {
      location: `https://example.com/done?from=form&bucket=${BUCKET}&key=forms%2Fa%20b&etag=%229a0364b9e99bb480dd25e1f0284c8555%22`,
    },
  });
});

test('a form without a signature uploads to an open bucket alone', async () => {
  const fields: Field[] = [['key', 'anybody']];
  expect(errorOf(await post({ fields }))).toMatchObject({ status: 403, code: 'AccessDenied' });
  const open = 'open-1250000000';
  await engine.storage.buckets.create(open);
  const acl = { canned: 'public-read-write', grants: [] };
  await engine.storage.buckets.setDocument(open, 'acl', acl);
  const host = `${open}.cos.ap-guangzhou.myqcloud.com`;
  expect((await post({ fields, host })).status).toBe(204);
  expect(engine.storage.objects.head(open, 'anybody')?.size).toBe(7);
});

test.for<readonly [what: string, form: () => Form, status: number, code: string, says: RegExp]>([
  [
    'a field that the policy does not allow',
    () => ({ fields: [['key', 'other/a'], ...signed([['starts-with', '$key', 'forms/']])] }),
    403,
    'AccessDenied',
    /^Condition key key doesn't match the value other\/a$/i,
  ],
  [
    'a policy that is over',
    () => ({ fields: [['key', 'a'], ...signed([], { ends: 1_700_000_000 })] }),
    403,
    'AccessDenied',
    /^You post object request has been expired, expiration time: .+ but the time now : /,
  ],
  [
    'a wrong signature',
    () => ({ fields: [['key', 'a'], ...signed([], { keys: { ...KEYS, secretKey: 'other' } })] }),
    403,
    'SignatureDoesNotMatch',
    /./,
  ],
  [
    'an unknown key',
    () => ({
      fields: [['key', 'a'], ...signed([], { keys: { ...KEYS, secretId: 'AKIDnobody' } })],
    }),
    403,
    'InvalidAccessKeyId',
    /./,
  ],
  [
    'a file that is too large for the policy',
    () => ({ fields: [['key', 'a'], ...signed([['content-length-range', 1, 3]])] }),
    400,
    'EntityTooLarge',
    /./,
  ],
  [
    'a file that is too small for the policy',
    () => ({ fields: [['key', 'a'], ...signed([['content-length-range', 100, 300]])] }),
    400,
    'EntityTooSmall',
    /./,
  ],
  ['no key', () => ({ fields: [...signed([])] }), 400, 'MalformedPOSTRequest', /key/],
  [
    'a key of 851 bytes',
    () => ({ fields: [['key', 'k'.repeat(851)], ...signed([])] }),
    400,
    'KeyTooLong',
    /./,
  ],
])('a form with %s is refused', async ([, form, status, code, says]) => {
  const error = errorOf(await post(form()));
  expect(error).toMatchObject({ status, code });
  expect(error.message).toMatch(says);
});

test('nothing is stored of a file whose size the policy refuses', async () => {
  const fields: Field[] = [['key', 'refused'], ...signed([['content-length-range', 1, 3]])];
  await post({ fields });
  expect(engine.storage.objects.head(BUCKET, 'refused')).toBeUndefined();
});

test.for([
  ['no form at all', 'text/plain', 'content', 'MalformedPOSTRequest'],
  ['no boundary', 'multipart/form-data', 'content', 'MalformedPOSTRequest'],
  ['no parts', 'multipart/form-data; boundary=x', 'content', 'MalformedPOSTRequest'],
  [
    'an end before the file',
    'multipart/form-data; boundary=x',
    '--x--\r\n',
    'MalformedPOSTRequest',
  ],
] as const)('a POST with %s is malformed', async ([, type, body, code]) => {
  const headers = { Host: HOST, 'Content-Type': type };
  const answer = await rawRequest(engine.port, { line: 'POST /', headers, body });
  expect(errorOf(answer)).toMatchObject({ status: 400, code });
});

test('a temporary key signs forms with its token among the fields', async () => {
  const keys = await engine.identities.temporaryKey({ owner: true }, 600);
  const fields: Field[] = [['key', 'temporary'], ...signed([], { keys })];
  const without = errorOf(await post({ fields }));
  expect(without).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' });
  const answer = await post({ fields: [['x-cos-security-token', keys.token], ...fields] });
  expect(answer.status).toBe(204);
});
