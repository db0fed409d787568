import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, type EngineForTests, engineForTests, HOST } from '../../engine-for-tests.ts';
import { type RawAnswer, type RawRequest, rawRequest } from '../../raw-request.ts';
import { signByHand } from '../../sdk/signed-by-hand.ts';
import { boxPicture, rawOf, seenBox } from '../pictures/pictures-for-tests.ts';

// What the clients of other languages send, byte for byte, and what is refused and by which number.

const SIZE = { width: 100, height: 60 };
const BOX = { left: 10, top: 20, width: 20, height: 24 };

let bench: EngineForTests;
let photo: Buffer;

beforeAll(async () => {
  photo = await boxPicture(SIZE, BOX).png().toBuffer();
  bench = await engineForTests({ buckets: [BUCKET] });
  await send({ line: 'PUT /in/cat.png', body: photo });
});
afterAll(() => bench.stop());

/** Signed without any header or parameter, as a client may. */
function send({ line, headers, body }: RawRequest): Promise<RawAnswer> {
  const [method = '', target = ''] = line.split(' ');
  const path = decodeURIComponent(target.split('?')[0] ?? '');
  const Authorization = signByHand({ method, path }).text;
  const request = { line, headers: { Host: HOST, Authorization, ...headers } };
  return rawRequest(bench.engine.port, body === undefined ? request : { ...request, body });
}

function inCloud(header: string | undefined, key = 'in/cat.png'): Promise<RawAnswer> {
  const operations = header === undefined ? {} : { 'Pic-Operations': header };
  return send({
    line: `POST /${key}?image_process`,
    headers: { 'Content-Length': '0', ...operations },
  });
}

function upload(key: string, header: string, body: string | Uint8Array = photo) {
  return send({ line: `PUT /${key}`, headers: { 'Pic-Operations': header }, body });
}

const rules = (...each: object[]) => JSON.stringify({ rules: each });
const rule = (text: string) => rules({ fileid: '/out/a.png', rule: text });
const CUT = 'ci-process=GoodsMatting';

/** `400 InvalidArgument -103`, and which service said so. */
function refusal({ status, headers, body }: RawAnswer): string {
  const code = /<Code>(.*?)<\/Code>/.exec(body.toString())?.[1];
  return `${status} ${code} ${headers['x-errno']} ${headers['server']}`;
}

async function isStored(key: string): Promise<boolean> {
  return (await send({ line: `HEAD /${key}` })).status === 200;
}

describe('a download', () => {
  test.for([
    'ci-process=AIPicMatting&center-layout=0&detect-url=&padding-layout=',
    'center-layout=&ci-process=GoodsMatting',
    'ci-process=ImageRepair&MaskPic=&MaskPoly=',
  ])('with %s has only what is not empty', async (query) => {
    const { status, body } = await send({ line: `GET /in/cat.png?${query}` });
    expect([status, (await rawOf(body)).width]).toEqual([200, 100]);
  });

  test.for(['10+x+5', '10%20x%205', '10x5'])('takes a padding of %s', async (padding) => {
    const line = `GET /in/cat.png?ci-process=GoodsMatting&padding-layout=${padding}`;
    expect(await seenBox((await send({ line })).body)).toEqual({ ...BOX, left: 20, top: 25 });
  });

  test('may be asked for behind an address that was signed before', async () => {
    const { text } = signByHand({ method: 'get', path: '/in/cat.png' });
    const line = `GET /in/cat.png?${text}&ci-process=GoodsMatting&center-layout=1`;
    const { body } = await rawRequest(bench.engine.port, { line, headers: { Host: HOST } });
    expect(await seenBox(body)).toEqual({ ...BOX, left: 40, top: 18 });
  });

  test('takes polygons in Base64, padded or not, encoded or not', async () => {
    const standard = Buffer.from('[[10,20],[30,20],[30,44],[10,44]] ').toString('base64');
    const bare = standard.replace(/=+$/, '');
    const forms = [standard, encodeURIComponent(standard), bare];
    expect(bare).not.toBe(standard);
    for (const form of forms) {
      const { body } = await send({
        line: `GET /in/cat.png?ci-process=ImageRepair&MaskPoly=${form}`,
      });
      expect((await rawOf(body)).at(12, 22)).toEqual([128, 128, 128, 255]);
    }
  });

  test.for([
    ['/in/cat.png?ci-process=', '400 InvalidArgument -103'],
    ['/in/cat.png?ci-process', '400 InvalidArgument -103'],
    ['/in/cat.png?ci-process=GoodsMatting&imageInfo', '400 InvalidArgument -103'],
    ['/in/cat.png?ci-process=GoodsMatting&center-layout=2', '400 InvalidArgument -103'],
    ['/in/cat.png?imageMogr2/thumbnail/axb', '400 InvalidArgument -103'],
    ['/in/cat.png?ci-process=Nope', '501 NotImplemented undefined'],
    ['/in/cat.png?imageAve', '501 NotImplemented undefined'],
    ['/in/cat.png?exif', '501 NotImplemented undefined'],
    ['/in/cat.png?style/small', '501 NotImplemented undefined'],
    ['/in/none.png?ci-process=GoodsMatting', '404 NoSuchKey -6101'],
    ['/?ci-process=GoodsMatting', '400 InvalidArgument -103'],
    [
      '/?ci-process=GoodsMatting&detect-url=http%25253A%25252F%25252F127.0.0.1%25252Fx.png',
      '400 InvalidImageSource -902',
    ],
    [
      `/?ci-process=GoodsMatting&detect-url=http%3A%2F%2F${HOST}%2Fnone.png`,
      '400 InvalidImageSource -902',
    ],
  ] as const)('of %s is refused: %s', async ([target, expected]) => {
    expect(refusal(await send({ line: `GET ${target}` }))).toBe(`${expected} tencent-ci`);
  });

  test('says who processed it, also where only information is asked for', async () => {
    for (const query of ['imageInfo', CUT, 'imageMogr2/strip']) {
      const { headers } = await send({ line: `GET /in/cat.png?${query}` });
      expect(headers).toMatchObject({ server: 'tencent-ci', 'x-darkroom-engine': 'instant' });
    }
  });
});

describe('Pic-Operations', () => {
  test.for([
    '{"is_pic_info": 1, "rules": [{"fileid": "/out/a.png", "rule": "ci-process=GoodsMatting"}]}',
    '{"rules":[{"fileid":"\\u002fout\\u002fa.png","rule":"ci-process = GoodsMatting & center-layout = 0"}]}',
    '{"is_pic_info":"0","other":{},"rules":[{"bucket":"","fileid":"/out/a.png","rule":"ci-process=GoodsMatting&"}]}',
    '{"is_pic_info":null,"rules":[{"fileid":"/out/a.png","rule":"ci-process=GoodsMatting","ignore-error":1}]}',
  ])('are read in every spelling: %s', async (header) => {
    const { status, headers } = await inCloud(header);
    expect([status, headers['server'], headers['x-darkroom-engine']]).toEqual([
      200,
      'tencent-ci',
      'instant',
    ]);
    expect(await seenBox((await send({ line: 'GET /out/a.png' })).body)).toEqual(BOX);
  });

  test.for([
    ['no JSON', '{not json'],
    ['half of it', '{"rules":'],
    ['too deep', `{"rules":${'['.repeat(5000)}`],
    ['no object', '[]'],
    ['no list of rules', '{"rules":{}}'],
    ['another number than 0 and 1', '{"is_pic_info":2}'],
    ['a rule without a fileid', rules({ rule: CUT })],
    ['a fileid that is a number', rules({ fileid: 5, rule: CUT })],
    ['half a character', '{"rules":[{"fileid":"\\ud800","rule":"ci-process=GoodsMatting"}]}'],
    ['a key that is too long', rules({ fileid: `/${'x'.repeat(851)}`, rule: CUT })],
    ['a rule without words', rule(' ')],
    ['a hundred and one rules', rules(...Array(101).fill({ fileid: '/out/a.png', rule: CUT }))],
  ] as const)('that hold %s are refused, and nothing is stored', async ([, header]) => {
    const expected = '400 InvalidPicOperations -60998 tencent-ci';
    expect(refusal(await inCloud(header))).toBe(expected);
    expect(refusal(await upload('up/refused.png', header))).toBe(expected);
    expect(await isStored('up/refused.png')).toBe(false);
  });

  test.for([
    ['ci-process=GoodsMatting&padding-layout=1001x1', '400 InvalidArgument -60998'],
    ['ci-process=AISuperResolution&magnify=3', '400 InvalidArgument -60998'],
    ['ci-process=AIEnhanceImage&denoise=6', '400 InvalidArgument -60998'],
    ['ci-process=AIImageCrop&width=10', '400 InvalidArgument -60998'],
    ['ci-process=ImageRepair&MaskPic=%%%', '400 InvalidArgument -60998'],
    ['ci-process=ImageRepair&MaskPic=ZmlsZTovLy9ldGM', '400 InvalidArgument -60998'],
    ['ci-process=ImageRepair&MaskPoly=bm9uZQ', '400 InvalidArgument -60998'],
    ['imageMogr2/thumbnail/axb', '400 InvalidArgument -60998'],
    ['imageMogr2/crop/0x5', '400 InvalidArgument -60998'],
    ['imageMogr2/flip/over', '400 InvalidArgument -60998'],
    ['imageView2/2', '400 InvalidArgument -60998'],
    ['ci-process=Nope', '501 NotImplemented undefined'],
    ['imageMogr2/nope/1', '501 NotImplemented undefined'],
    ['watermark/2/text/eA', '501 NotImplemented undefined'],
    ['style/small', '501 NotImplemented undefined'],
  ] as const)(
    'with the rule %s are refused before anything is stored: %s',
    async ([text, expected]) => {
      const good = { fileid: '/out/never.png', rule: CUT };
      const header = rules(good, { fileid: '/out/a.png', rule: text });
      expect(refusal(await upload('up/refused.png', header))).toBe(`${expected} tencent-ci`);
      expect([await isStored('up/refused.png'), await isStored('out/never.png')]).toEqual([
        false,
        false,
      ]);
    },
  );

  test('are needed in the cloud, may be empty there, and hold five rules', async () => {
    expect(refusal(await inCloud(undefined))).toContain('400 InvalidPicOperations -60998');
    expect((await inCloud('{}')).body.toString()).toContain('<ProcessResults/>');
    const six = rules(...Array(6).fill({ fileid: '/out/a.png', rule: CUT }));
    expect(refusal(await inCloud(six))).toBe('400 InvalidPicOperations -60997 tencent-ci');
    expect(refusal(await inCloud(rule(CUT), 'in/none.png'))).toBe(
      '404 NoSuchKey -60987 tencent-ci',
    );
  });

  test('without rules make an upload no more than an upload, unless information is wanted', async () => {
    for (const header of ['', '{}', '{"rules":[]}', '{"is_pic_info":0,"rules":null}']) {
      const { status, headers, body } = await upload('up/plain.png', header);
      expect([status, headers['server'], body.length]).toEqual([200, 'tencent-cos', 0]);
    }
    const { body } = await upload('up/plain.png', '{"is_pic_info":1}');
    expect(body.toString()).toMatch(/<ImageInfo><Format>PNG<.*<ProcessResults\/>/);
  });

  test('need to know how much comes, take 32 MB, and never overwrite what must stay', async () => {
    const chunked = await send({
      line: 'PUT /up/chunked.png',
      headers: { 'Pic-Operations': rule(CUT), 'Transfer-Encoding': 'chunked' },
      body: '1\r\na\r\n0\r\n\r\n',
    });
    expect(refusal(chunked)).toContain('411 MissingContentLength');
    const large = await upload('up/large.png', rule(CUT), Buffer.alloc(32 * 1024 * 1024 + 1));
    expect(refusal(large)).toBe('400 ImageTooLarge -60996 tencent-ci');
    const kept = await send({
      line: 'PUT /in/cat.png',
      headers: {
        'Pic-Operations': rules({ fileid: '/out/kept.png', rule: CUT }),
        'x-cos-forbid-overwrite': 'true',
      },
      body: photo,
    });
    expect(refusal(kept)).toContain('409 FileAlreadyExists');
    expect([await isStored('up/large.png'), await isStored('out/kept.png')]).toEqual([
      false,
      false,
    ]);
  });

  test('over what is no picture keep the original, and say which number that has', async () => {
    const text = await upload('up/text.png', rule(CUT), 'no picture');
    expect(refusal(text)).toBe('400 InvalidImageFormat -62999 tencent-ci');
    expect(await isStored('up/text.png')).toBe(true);
  });

  test('that forgive give the original bytes of what is no picture, without sizes', async () => {
    const forgiving = rule('ci-process=AIEnhanceImage&ignore-error=1');
    const { status, body } = await upload('up/text.png', forgiving, 'no picture');
    expect(status).toBe(200);
    expect(body.toString()).toMatch(/<Format\/?>/);
    expect(body.toString()).not.toMatch(/<(Width|Height|Quality)/);
    expect((await send({ line: 'GET /out/a.png' })).body.toString()).toBe('no picture');
  });

  test('that write over their own source answer with the result, and with what it was otherwise', async () => {
    const elsewhere = await upload('up/own.png', rule(CUT));
    const over = await upload('up/own.png', rules({ fileid: '/up/own.png', rule: CUT }));
    const { headers } = await send({ line: 'HEAD /up/own.png' });
    for (const name of ['etag', 'x-cos-hash-crc64ecma']) {
      expect(over.headers[name]).toBe(headers[name]);
      expect(over.headers[name]).not.toBe(elsewhere.headers[name]);
    }
  });
});
