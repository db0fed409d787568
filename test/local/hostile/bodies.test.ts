import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bystander, bystander } from './bystander.ts';
import { answersIn, head, rawClient, sayTo, statusesIn, whole } from './raw-client.ts';
import { startVictim, type Victim } from './victim.ts';

let victim: Victim;
let before: number;
let other: Bystander;

beforeAll(async () => {
  victim = await startVictim({ patience: { keepAliveMs: 5_000 } });
  expect(statusesIn(await sayTo(victim.port, whole('PUT', '/there', 'there')))).toEqual([200]);
  before = (await victim.memory()).rss;
  other = bystander(victim.port, '/there');
});
afterAll(async () => {
  const { served, refused } = await other.ends();
  expect({ refused, served: served > 10 }).toEqual({ refused: 0, served: true });
  expect((await victim.memory()).peak - before).toBeLessThan(150_000_000);
  await victim.stop();
});

async function codeOf(...said: readonly string[]): Promise<string> {
  const [answer] = answersIn(await sayTo(victim.port, ...said));
  const code = /<Code>(.*)<\/Code>/.exec(answer?.body ?? '')?.[1] ?? '';
  return `${answer?.status} ${code}`.trim();
}

const MOST_XML = 2 * 1024 * 1024;
const ENTITIES = Array.from(
  { length: 9 },
  (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`,
).join('');

test.for([
  ['of more than two megabytes', ' '.repeat(MOST_XML + 1), 'XMLSizeLimit'],
  [
    'of entities that grow',
    `<!DOCTYPE a [<!ENTITY e0 "a">${ENTITIES}]><a>&e9;</a>`,
    'MalformedXML',
  ],
  [
    'of an entity from a file',
    '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    'MalformedXML',
  ],
  ['of elements in elements', '<a>'.repeat(MOST_XML / 3), 'EntityTooLarge'],
  ['of a great many elements', `<a>${'<b/>'.repeat(MOST_XML / 4 - 10)}</a>`, 'EntityTooLarge'],
  ['of a text without end', `<a>${'b'.repeat(MOST_XML - 10)}</a>`, 'EntityTooLarge'],
  ['of a tag without end', `<a ${'b'.repeat(MOST_XML - 10)}`, 'MalformedXML'],
  ['of comments that are not closed', '<!--'.repeat(MOST_XML / 4), 'MalformedXML'],
  ['of sections that are not closed', `<a>${'<![CDATA['.repeat(MOST_XML / 9 - 1)}`, 'MalformedXML'],
  ['of angle brackets', '<'.repeat(MOST_XML), 'MalformedXML'],
  ['with NUL in it', '<a>\0</a>', 'MalformedXML'],
  ['of no UTF-8', '<a>\xff\xfe</a>', 'MalformedXML'],
  ['of another kind', '<a/>', 'MalformedXML'],
  ['of nothing', '', 'MissingRequestBodyError'],
] as const)('a document %s is refused', async ([, xml, code]) => {
  for (const [method, path] of [
    ['PUT', '/?cors'],
    ['PUT', '/?acl'],
    ['POST', '/?delete'],
    ['PUT', '/there?tagging'],
    ['POST', '/there?uploadId=0123456789abcdef0123456789abcdef'],
  ] as const) {
    if (xml === '' && path === '/?acl') continue; // what it means is said in a header
    const bytes = Buffer.from(xml, 'latin1');
    const heard = await sayTo(
      victim.port,
      head(method, path, [`Content-Length: ${bytes.length}`, 'Connection: close']),
      bytes,
    );
    expect(/<Code>(.*)<\/Code>/.exec(heard)?.[1]).toBe(code);
  }
});

test('a document in chunks that is too large is answered as well', async () => {
  const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`.repeat(40);
  const said = `${head('PUT', '/?cors', ['Transfer-Encoding: chunked', 'Connection: close'])}${chunk}0\r\n\r\n`;
  expect(await codeOf(said)).toBe('400 XMLSizeLimit');
});

test('a request deletes at most a thousand objects', async () => {
  const objects = '<Object><Key>there</Key></Object>'.repeat(1001);
  expect(await codeOf(whole('POST', '/?delete', `<Delete>${objects}</Delete>`))).toBe(
    '400 MalformedXML',
  );
  expect(await codeOf(whole('HEAD', '/there'))).toBe('200');
});

const field = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nbytes';
const END = '\r\n--x--\r\n';
const FORM = 'Content-Type: multipart/form-data; boundary=x';
const posted = (form: string, type = FORM) => whole('POST', '/', form, [type]);

test.for([
  ['without a boundary', posted(file, 'Content-Type: multipart/form-data'), 'MalformedPOSTRequest'],
  [
    'with an empty boundary',
    posted(file, 'Content-Type: multipart/form-data; boundary='),
    'MalformedPOSTRequest',
  ],
  ['that is none', posted('not a form'), 'MalformedPOSTRequest'],
  ['of nothing', posted(''), 'MalformedPOSTRequest'],
  ['without a file', posted(field('key', 'a') + END), 'MalformedPOSTRequest'],
  ['without a key', posted(file + END), 'MalformedPOSTRequest'],
  ['that breaks off in its file', posted(field('key', 'a') + file), 'IncompleteBody'],
  [
    'that breaks off in a field',
    posted('--x\r\nContent-Disposition: form-data; name="key"\r\n\r\na'),
    'MalformedPOSTRequest',
  ],
  ['that breaks off in a header', posted('--x\r\nContent-Disp'), 'MalformedPOSTRequest'],
  ['of a hundred thousand parts', posted(field('a', '').repeat(100_000)), 'MalformedPOSTRequest'],
  [
    'of a field of a megabyte',
    posted(field('a', 'b'.repeat(1e6)) + file + END),
    'MalformedPOSTRequest',
  ],
  [
    'of many large fields',
    posted(
      Array.from({ length: 90 }, (_, n) => field(`a${n}`, 'b'.repeat(60_000))).join('') +
        file +
        END,
    ),
    'MalformedPOSTRequest',
  ],
  [
    'of a part with a header of a megabyte',
    posted(`--x\r\nx-a: ${'b'.repeat(1e6)}\r\n\r\na\r\n${file}${END}`),
    'MalformedPOSTRequest',
  ],
  [
    'of a part with many headers',
    posted(`--x\r\n${'x-a: b\r\n'.repeat(50_000)}\r\na\r\n${file}${END}`),
    'MalformedPOSTRequest',
  ],
  ['with a key that is too long', posted(field('key', 'a'.repeat(851)) + file + END), 'KeyTooLong'],
  [
    'with a key that grows too long',
    posted(
      field('key', `\${filename}`.repeat(77)) +
        '--x\r\nContent-Disposition: form-data; name="file"; filename="abcdefghijklmnop"\r\n\r\na' +
        END,
    ),
    'KeyTooLong',
  ],
  [
    'with a line break for a header',
    posted(field('key', 'a') + field('Content-Type', 'a\r\nb: c') + file + END),
    'InvalidArgument',
  ],
  [
    'with NUL in metadata',
    posted(field('key', 'a') + field('x-cos-meta-a', 'a\0b') + file + END),
    'InvalidArgument',
  ],
  [
    'with a space in the name of metadata',
    posted(field('key', 'a') + field('x-cos-meta-a b', 'c') + file + END),
    'InvalidArgument',
  ],
] as const)('a form %s is refused', async ([, said, code]) => {
  expect(await codeOf(said)).toBe(`400 ${code}`);
});

test('parts without a name, a file of another name and what follows the file are not looked at', async () => {
  const form = [
    '--x\r\nContent-Disposition: form-data\r\n\r\na\r\n',
    '--x\r\nContent-Type: text/plain\r\n\r\na\r\n',
    '--x\r\nContent-Disposition: form-data; name="other"; filename="b"\r\n\r\nb\r\n',
    field('key', `by form/\${filename}`),
    `${file}\r\n`,
    '--x\r\nContent-Disposition: form-data; name="file"; filename="c"\r\n\r\nc',
    END,
  ];
  expect(await codeOf(posted(form.join('')))).toBe('204');
  const [object] = answersIn(await sayTo(victim.port, whole('GET', '/by%20form/a.txt')));
  expect(object?.body).toBe('bytes');
});

test('metadata of a form is text, and comes back as its bytes', async () => {
  const form = field('key', 'told') + field('x-cos-meta-who', 'Zoë 写') + file + END;
  const said = head('POST', '/', [
    FORM,
    `Content-Length: ${Buffer.byteLength(form)}`,
    'Connection: close',
  ]);
  expect(statusesIn(await sayTo(victim.port, said, Buffer.from(form)))).toEqual([204]);
  const [object] = answersIn(await sayTo(victim.port, whole('GET', '/told')));
  const who = /^x-cos-meta-who: (.*)\r$/m.exec(object?.head ?? '')?.[1] ?? '';
  expect(Buffer.from(who, 'latin1').toString()).toBe('Zoë 写');
});

test('whoever goes away in the middle of a form leaves nothing behind', async () => {
  for (const form of [field('key', 'gone') + file, field('key', 'gone'), '--x\r\nContent-Disp']) {
    const client = await rawClient(victim.port);
    client.say(head('POST', '/', [FORM, 'Content-Length: 1000000']) + form);
    client.say('b'.repeat(200_000));
    await new Promise((sent) => client.socket.write('c', sent));
    client.socket.destroy();
    await client.heard;
  }
  expect(await codeOf(whole('HEAD', '/gone'))).toBe('404');
});

test('headers with the names of what objects inherit spoil no object', async () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'x-cos-meta-__proto__'];
  const headers = names.map((name) => `${name}: told`);
  expect(await codeOf(whole('PUT', '/inherited', 'bytes', headers))).toBe('200');
  const [object] = answersIn(await sayTo(victim.port, whole('GET', '/inherited')));
  expect(object?.body).toBe('bytes');
  expect(object?.head).toContain('x-cos-meta-__proto__: told');
  expect(object?.head).not.toContain('constructor');
});

test.for([
  ['a line break in a header to expose', '<ExposeHeader>a\nb</ExposeHeader>'],
  ['a header to expose that is none', '<ExposeHeader>写</ExposeHeader>'],
  ['a method that there is not', '<AllowedMethod>BREW</AllowedMethod>'],
  ['an origin of several lines', '<AllowedOrigin>a\nb</AllowedOrigin>'],
  ['a thousand headers', '<AllowedHeader>a</AllowedHeader>'.repeat(1000)],
] as const)('a rule for pages with %s is refused', async ([, more]) => {
  const rule = '<AllowedOrigin>http://a</AllowedOrigin><AllowedMethod>GET</AllowedMethod>';
  const xml = `<CORSConfiguration><CORSRule>${rule}${more}</CORSRule></CORSConfiguration>`;
  expect(await codeOf(whole('PUT', '/?cors', xml))).toMatch(/^400 (InvalidArgument|MalformedXML)$/);
});
