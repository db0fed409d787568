import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classicalOperations } from '../../../../local/ci/classical.ts';
import { BUCKET, REGION } from '../../engine-for-tests.ts';
import { pictureJob } from '../jobs/ci-client.ts';
import { jobEngine } from '../jobs/job-engine.ts';
import { rawOf } from '../pictures/pictures-for-tests.ts';

const AT = { Bucket: BUCKET, Region: REGION };

/** A dark square on a grey ground. */
function darkSquare(): Promise<Buffer> {
  const data = Buffer.alloc(64 * 48 * 3, 120);
  for (let y = 16; y < 26; y++) data.fill(32, (y * 64 + 20) * 3, (y * 64 + 30) * 3);
  return sharp(data, { raw: { width: 64, height: 48, channels: 3 } })
    .png()
    .toBuffer();
}

const AROUND_IT = '[[18,14],[32,14],[32,28],[18,28]]';

const CASES = [
  {
    operation: 'ImageRepair',
    options: { MaskPoly: Buffer.from(AROUND_IT).toString('base64url') },
    by: 'classical/repair',
    size: [64, 48],
    square: [120, 120, 120, 255],
    ground: [120, 120, 120, 255],
  },
  {
    operation: 'AISuperResolution',
    options: { magnify: '2' },
    by: 'classical/super-resolution',
    size: [128, 96],
    square: [32, 32, 32, 255],
    ground: [120, 120, 120, 255],
  },
  {
    operation: 'AIImageColoring',
    options: {},
    by: 'classical/tone-only',
    size: [64, 48],
    square: [28, 33, 38, 255],
    ground: [130, 117, 109, 255],
  },
] as const;

let bench: Awaited<ReturnType<typeof jobEngine>>;
let picture: Buffer;
beforeAll(async () => {
  bench = await jobEngine({ operations: classicalOperations({ threads: 1 }) });
  picture = await darkSquare();
  await bench.put('in/square.png', picture);
});
afterAll(() => bench.stop());

describe.each(CASES)('$operation by the SDK', ({ operation, options, by, ...promised }) => {
  const words = Object.entries(options).map(([name, value]) => `&${name}=${value}`);
  const rule = `ci-process=${operation}${words.join('')}`;
  const headers = (fileid: string) => ({
    'Pic-Operations': JSON.stringify({ is_pic_info: 1, rules: [{ fileid, rule }] }),
  });

  test('on download', async () => {
    const Query = { 'ci-process': operation, ...options };
    const asked = { ...AT, Key: 'in/square.png', Method: 'GET', Query, RawBody: true } as const;
    const answered = await bench.cos.request(asked);
    expect(answered.headers).toMatchObject({ 'x-darkroom-engine': by });
    await mustBeDone(answered.Body as Buffer);
  });

  test('while uploading', async () => {
    const Headers = headers('/out/uploaded.png');
    await bench.cos.putObject({ ...AT, Key: 'in/again.png', Body: picture, Headers });
    await mustBeDone(await stored('out/uploaded.png'));
  });

  test('of what is stored', async () => {
    const Headers = headers('/out/stored.png');
    const asked = { Method: 'POST', Action: 'image_process' } as const;
    await bench.cos.request({ ...AT, Key: 'in/square.png', ...asked, Headers });
    await mustBeDone(await stored('out/stored.png'));
  });

  test('as a job', async () => {
    const places = { input: 'in/square.png', output: 'out/job.png' };
    expect(await bench.recordOf(pictureJob(rule, places))).toMatchObject({ State: 'Success' });
    await mustBeDone(await stored('out/job.png'));
  });

  async function stored(key: string): Promise<Buffer> {
    return (await bench.cos.getObject({ ...AT, Key: key })).Body as Buffer;
  }

  async function mustBeDone(made: Buffer): Promise<void> {
    const { width, height, at } = await rawOf(made);
    const times = width / 64;
    expect({
      size: [width, height],
      square: at(25 * times, 21 * times),
      ground: at(55 * times, 40 * times),
    }).toEqual(promised);
  }
});
