import COS from 'cos-nodejs-sdk-v5';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { instantOperations } from '../../local/ci/instant.ts';
import { OperationError } from '../../local/ci/operations-port.ts';
import { digest } from '../../shared/client/digest.ts';
import { Fault } from '../../shared/core/fault.ts';
import type { Source } from '../../shared/core/object-ref.ts';
import type { Step } from '../../shared/plan/plan.ts';
import { BUCKET, type EngineForTests, engineForTests, REGION } from '../local/engine-for-tests.ts';
import { output } from '../plan/rules-for-tests.ts';
import { at, clientOf, stepsOf } from './client-for-tests.ts';

const LIMIT = { timeoutMs: 10_000 };
const GREY = { width: 40, height: 30, channels: 3, background: '#888' } as const;
const SEGMENT = { mode: 'mask', segment: 'human', threshold: 0 };
const SHOP = 'outlet-1250000000';

let running: EngineForTests;
let photo: Source;
let film: Source;

beforeAll(async () => {
  running = await engineForTests({ buckets: [BUCKET, SHOP] });
  const sdk = running.client(COS);
  const picture = await sharp({ create: GREY }).jpeg().toBuffer();
  const put = (Key: string, Body: Buffer) =>
    sdk.putObject({ Bucket: BUCKET, Region: REGION, Key, Body });
  await put('in/mug ü.jpg', picture);
  await put('in/broken.jpg', Buffer.from('no picture'));
  await put('in/mask.png', await sharp({ create: GREY }).png().toBuffer());
  await put('in/film.mp4', Buffer.from('a film'));
  photo = await headed('in/mug ü.jpg');
  film = await headed('in/film.mp4');
});
afterAll(() => running.stop());
beforeEach(() => {
  running.engine.faults.clear();
  running.engine.requests.clear();
});

async function headed(key: string): Promise<Source> {
  const source = await clientOf(running).objects.head(at(key));
  if (!source) throw new Error(`${key} is not there`);
  return source;
}

const operations = () => running.engine.requests.list(100).map(({ operation }) => operation);

const pictures = (steps: readonly Step[], source = photo) =>
  clientOf(running).ci.perform({ kind: 'pictures', source, steps }, LIMIT);

const video = (into: string) => {
  const [step] = stepsOf(film, [
    output(into, { operation: 'segment-video-body', as: 'job', parameters: SEGMENT }),
  ]);
  if (!step) throw new Error('no step');
  return { kind: 'job', source: film, step } as const;
};

const faultOf = async (act: Promise<unknown>) => {
  const thrown = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof Fault) return thrown;
  throw new Error(`It was to fail with a fault, not with ${thrown}`);
};

const codeOf = async (act: Promise<unknown>) => (await faultOf(act)).code;

describe('pictures', () => {
  test('the steps of a request are done, each with what stands at its target now', async () => {
    const steps = stepsOf(photo, [
      output('out/{stem}.png'),
      output('small/ü {stem}.png', { bucket: 'outlet', operation: 'generic-matting' }),
      output('out/{stem}-2.png'),
    ]);
    const { receipts, requestId } = await pictures(steps);

    expect(operations()).toEqual(['ImageProcess']);
    expect(requestId).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(receipts.map(({ step }) => step)).toEqual(steps);
    for (const [index, receipt] of receipts.entries()) {
      const target = steps[index]?.target;
      const there = target && (await clientOf(running).objects.head(target));
      expect(receipt).toMatchObject({ status: 'done', output: { etag: there?.etag } });
    }
    expect(receipts[1]?.step.target).toMatchObject({ bucket: SHOP, key: 'small/ü mug ü.png' });
  });

  test('a mask is lent by an address that the service can read', async () => {
    const mask = await headed('in/mask.png');
    const repair = output('repaired/{stem}.png', {
      operation: 'image-repair',
      parameters: { mask: { key: 'in/mask.png' } },
    });
    const steps = stepsOf(photo, [repair], { [`${BUCKET}/in/mask.png`]: mask.etag });
    const { receipts } = await pictures(steps);

    expect(receipts).toMatchObject([{ status: 'done' }]);
    expect(JSON.stringify(receipts)).not.toContain('q-signature');
  });

  test('what is no picture is the fault of the object, and not asked for again', async () => {
    const broken = await headed('in/broken.jpg');

    const asking = pictures(stepsOf(broken, 'out/{stem}.png'), broken);
    expect(await codeOf(asking)).toBe('OBJECT_UNFIT');
    expect(operations()).toEqual(['HeadObject', 'ImageProcess']);
  });
});

test('where one of several is refused, what is done is done, and the others are for the next time', async () => {
  const instant = instantOperations();
  const picky = await engineForTests({
    operations: {
      ...instant,
      async picture(work) {
        const { rule } = work;
        if (rule.kind !== 'ci-process' || rule.operation !== 'AIPicMatting') {
          return instant.picture(work);
        }
        throw new OperationError('ImageTooLarge', 'Too large for this.');
      },
    },
  });
  const { objects, ci } = clientOf(picky);
  const body = await sharp({ create: GREY }).jpeg().toBuffer();
  await picky
    .client(COS)
    .putObject({ Bucket: BUCKET, Region: REGION, Key: 'in/a.jpg', Body: body });
  // An output of the same second as its source could be older than it.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const source = await objects.head(at('in/a.jpg'));
  if (!source) throw new Error('It is not there');
  const steps = stepsOf(source, [
    output('one/{name}'),
    output('two/{name}', { operation: 'generic-matting' }),
    output('three/{name}'),
  ]);
  const { receipts } = await ci.perform({ kind: 'pictures', source, steps }, LIMIT);

  expect(receipts.map(({ step }) => step)).toEqual(steps);
  expect(receipts).toMatchObject([
    { status: 'done', output: { etag: (await objects.head(at('one/a.jpg')))?.etag } },
    { status: 'failed', fault: { code: 'REFUSED_TOGETHER', retry: 'later' } },
    { status: 'failed', fault: { code: 'REFUSED_TOGETHER', retry: 'later' } },
  ]);
  for (const [at, code] of [
    [1, 'OBJECT_UNFIT'],
    [2, undefined],
  ] as const) {
    const alone = ci.perform({ kind: 'pictures', source, steps: steps.slice(at, at + 1) }, LIMIT);
    if (code) expect(await codeOf(alone)).toBe(code);
    else expect((await alone).receipts).toMatchObject([{ status: 'done' }]);
  }
  await picky.stop();
});

describe('jobs', () => {
  test('a job is accepted, found again by its step, and said to be over when it is', async () => {
    const { ci } = clientOf(running, { callbackFor: () => 'https://callback.example.com/token' });
    const request = video('out/film.mp4');
    const { receipts } = await ci.perform(request, LIMIT);
    const [receipt] = receipts;
    if (receipt?.status !== 'accepted') throw new Error(`It was ${receipt?.status}`);
    await running.engine.jobs.idle();

    expect(await ci.jobState(receipt.jobId, film)).toEqual({ state: 'succeeded' });
    const found = await ci.findJobs(request.step, { source: film, tag: 'SegmentVideoBody' });
    expect(found).toMatchObject([{ id: receipt.jobId, state: 'succeeded' }]);
    expect(found[0]?.createdAt).toBeGreaterThan(Date.now() - 60_000);
    expect(digest(request.step.id)).toMatch(/^[0-9a-f]{64}$/);
    const other = video('out/other.mp4').step;
    expect(await ci.findJobs(other, { source: film, tag: 'SegmentVideoBody' })).toEqual([]);
  });

  test('keys of a role are enough, with the token that comes with them, for jobs and for masks', async () => {
    const { identities } = running.engine;
    const keys = await identities.temporaryKey({ owner: true }, 1800);
    const { ci } = clientOf(running, { keys: () => keys });
    const { receipts } = await ci.perform(video('out/by-role.mp4'), LIMIT);
    expect(receipts).toMatchObject([{ status: 'accepted' }]);

    const mask = await headed('in/mask.png');
    const repair = output('by-role/{stem}.png', {
      operation: 'image-repair',
      parameters: { mask: { key: 'in/mask.png' } },
    });
    const steps = stepsOf(photo, [repair], { [`${BUCKET}/in/mask.png`]: mask.etag });
    const repaired = await ci.perform({ kind: 'pictures', source: photo, steps }, LIMIT);
    expect(repaired.receipts).toMatchObject([{ status: 'done' }]);
  });

  test('who is not allowed something is told what, where the engine can tell', async () => {
    const { identities } = running.engine;
    const statement = [{ effect: 'allow', action: ['name/cos:HeadObject'], resource: ['*'] }];
    const little = JSON.stringify({ version: '2.0', statement });
    const keys = await identities.temporaryKey({ owner: true }, 1800, little);
    const { ci } = clientOf(running, { keys: () => keys });
    const fault = await faultOf(ci.perform(video('out/denied.mp4'), LIMIT));

    expect(fault).toMatchObject({ code: 'COS_DENIED', retry: 'never' });
    expect(fault.message).toContain('ci:Create');
  });

  test('a job that the service does not know is lost', async () => {
    const { ci } = clientOf(running);

    expect(await ci.jobState(`a${'0'.repeat(32)}`, film)).toEqual({ state: 'lost' });
  });

  test('a job whose acceptance was never heard of is found, and was submitted once', async () => {
    const { ci } = clientOf(running);
    const request = video('out/unheard.mp4');
    running.engine.faults.add({
      ...{ id: 'lost', effect: 'lose-answer', operations: ['CreateMediaJobs'], percent: 100 },
    });

    expect(await codeOf(ci.perform(request, LIMIT))).toBe('OUTCOME_UNKNOWN');
    running.engine.faults.clear();
    expect(await ci.findJobs(request.step, { source: film, tag: 'SegmentVideoBody' })).toHaveLength(
      1,
    );
  });
});

describe('a request that costs money', () => {
  const ways = [
    ['a picture', 'ImageProcess', () => pictures(stepsOf(photo, 'paid/{stem}.png'))],
    ['a job', 'CreateMediaJobs', () => clientOf(running).ci.perform(video('paid/film.mp4'), LIMIT)],
  ] as const;
  const failures = [
    ['a 500', { effect: 'status', status: 500 }],
    ['a 502', { effect: 'status', status: 502 }],
    ['a 503 that is no SlowDown', { effect: 'status', status: 503, code: 'ServiceUnavailable' }],
    ['a reset', { effect: 'reset' }],
    ['an answer that was lost', { effect: 'lose-answer' }],
    ['an answer that was cut off', { effect: 'cut', afterBytes: 20 }],
    ['an answer that came too late', { effect: 'slow', ms: 2000 }],
  ] as const;

  for (const [what, operation, perform] of ways) {
    test.for(failures)(
      `${what}: after %s it is not sent again, and its outcome is unknown`,
      async ([, effect]) => {
        running.engine.faults.add({ id: 'f', ...effect, operations: [operation], percent: 100 });
        const asking =
          effect.effect === 'slow'
            ? clientOf(running).ci.perform(
                operation === 'CreateMediaJobs'
                  ? video('late/film.mp4')
                  : { kind: 'pictures', source: photo, steps: stepsOf(photo, 'late/{stem}.png') },
                { timeoutMs: 100 },
              )
            : perform();

        expect(await codeOf(asking)).toBe('OUTCOME_UNKNOWN');
        if (effect.effect !== 'slow') expect(operations()).toEqual([operation]);
      },
    );

    test(`${what}: after SlowDown it is sent again, for nothing was done`, async () => {
      const slowDown = { effect: 'throttle', operations: [operation], percent: 100 } as const;
      running.engine.faults.add({ id: 'f', ...slowDown, times: 2 });

      expect((await perform()).receipts).toHaveLength(1);
      expect(operations()).toEqual([operation, operation, operation]);

      running.engine.faults.add({ id: 'f', ...slowDown });
      expect(await codeOf(perform())).toBe('COS_THROTTLED');
    });
  }

  test('is signed again when our clock was wrong, for who refuses it did nothing', async () => {
    const { ci } = clientOf(running, { now: () => Date.now() - 7_200_000 });
    const steps = stepsOf(photo, 'clock/{stem}.png');

    const { receipts } = await ci.perform({ kind: 'pictures', source: photo, steps }, LIMIT);
    expect(receipts).toMatchObject([{ status: 'done' }]);
    expect(running.engine.requests.list(9).map(({ status }) => status)).toEqual([403, 200]);
  });

  test('is not sent when no time is left to hear the answer', async () => {
    const { ci } = clientOf(running, { leftMs: () => 0 });

    expect(await codeOf(ci.perform(video('late.mp4'), LIMIT))).toBe('COS_THROTTLED');
    expect(operations()).toEqual([]);
  });
});
