import { expect, test } from 'vitest';
import { onUpload } from '../../functions/on-upload/on-upload.ts';
import { reprocess } from '../../functions/reprocess/reprocess.ts';
import { Fault } from '../../shared/core/fault.ts';
import { explainCheckpoint } from '../../shared/progress/checkpoint.ts';
import { loadCheckpoint, startBackfill } from '../../shared/run/backfills.ts';
import type { Suite } from '../../shared/run/ports.ts';
import { carryOutRun, findRun, stepsOfRun, storeRun } from '../../shared/run/runs.ts';
import { writeRunEvent } from '../../shared/wire/run-event.ts';

import { writeTimerEvent } from '../../shared/wire/timer-event.ts';
import { BUCKET, cosEvent, MINUTE, REGION, rulesIn, Studio } from '../run/studio.ts';

const RULES = `
templates:
  cutout@1:
    outputs: [{ operation: goods-matting, into: 'cutouts/{dir}/{stem}.png' }]
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
schedule:
  - { name: nightly, cron: '0 0 3 * * * *', prefix: in/ }
limits:
  inFlight: 4
`;

const ticking = (at: number, message = '') => writeTimerEvent({ trigger: 'tick', at, message });
const NIGHTLY = '{"schedule":"nightly"}';
const NAME = 'nightly.20260131T1200.studio';

const withPictures = (count: number, rules = RULES) => {
  const studio = new Studio(rules);
  for (let n = 0; n < count; n += 1) studio.put(`in/${String(n).padStart(4, '0')}.jpg`);
  return studio;
};
const progress = async (studio: Studio) => {
  const checkpoint = await loadCheckpoint(NAME, studio.suite());
  return checkpoint && explainCheckpoint(checkpoint).replace(/ of at most \d+/, '');
};

test('a schedule begins a backfill, which the timer carries on to its end, slice by slice', async () => {
  const studio = withPictures(250);
  const begun = studio.now;
  await reprocess(ticking(begun, NIGHTLY), studio.suite({}, 30));
  expect(await progress(studio)).toMatch(/running\n {2}0 seen, [1-9]/);
  for (let n = 0; n < 90 && !(await progress(studio))?.includes('finished'); n += 1) {
    studio.now += MINUTE;
    await reprocess(ticking(studio.now), studio.suite({}, 100));
  }
  expect(await progress(studio)).toBe(`${NAME}: finished\n  250 seen, 250 submitted, 0 failed`);

  // The schedule's own tick may come again.
  await reprocess(ticking(begun, NIGHTLY), studio.suite());
  expect(await studio.records.list('backfills/', { limit: 10 })).toHaveLength(2);
});

test('a second backfill submits nothing but what is new', async () => {
  const studio = withPictures(20);
  await reprocess(ticking(studio.now, NIGHTLY), studio.suite());
  studio.put('in/0003.jpg');
  studio.put('in/new.jpg');
  studio.now += MINUTE;
  const [at, later] = [studio.now, studio.suite()];
  await reprocess(ticking(at, NIGHTLY), later);
  expect(studio.asked).toHaveLength(22);
});

test('no more requests are under way at once than the rules allow', async () => {
  const studio = withPictures(40);
  const suite = studio.suite();
  let underWay = 0;
  let most = 0;
  const ci: typeof suite.ci = {
    ...suite.ci,
    perform: async (...asked) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay -= 1;
      return suite.ci.perform(...asked);
    },
  };
  await reprocess(ticking(studio.now, NIGHTLY), { ...suite, ci });
  expect(most).toBe(4);
});

test('a backfill stops at its budget and says so', async () => {
  const studio = withPictures(12, RULES.replace('inFlight: 4', 'perBackfill: { requests: 5 }'));
  await reprocess(ticking(studio.now, NIGHTLY), studio.suite());
  expect(await progress(studio)).toContain('over-budget');
  expect(studio.asked).toHaveLength(5);
});

test('of two slices at once one saves, and nothing is asked twice', async () => {
  const studio = withPictures(30);
  await startBackfill(
    { name: 'spring', bucket: BUCKET, region: REGION, prefix: '', rules: [], budget: {} },
    studio.suite(),
  );
  await Promise.all([
    reprocess(ticking(studio.now), studio.suite()),
    reprocess(ticking(studio.now), studio.suite()),
  ]);
  expect(studio.asked).toHaveLength(30);
  expect(new Set(studio.asked).size).toBe(30);
});

test('a backfill that cannot be read does not keep the timer from the others', async () => {
  const studio = withPictures(3);
  const more = { bucket: BUCKET, region: REGION, prefix: '', rules: [], budget: {} };
  for (const name of ['broken', 'sound']) await startBackfill({ name, ...more }, studio.suite());
  await studio.records.write('backfills/broken/order.json', 'no JSON');
  await reprocess(ticking(studio.now), studio.suite());
  expect(studio.asked).toHaveLength(3);
});

test('somebody who never answers to a notice does not keep a backfill waiting', async () => {
  const studio = withPictures(
    40,
    `${RULES}notices: [{ name: shop, url: 'https://shop.example/', about: step.done }]`,
  );
  await onUpload(cosEvent(...studio.objects.keys()), studio.suite());
  studio.put('in/more.jpg');
  const asked = studio.asked.length;
  const notifier: Suite['notifier'] = {
    post: async () => {
      studio.now += 10_000;
      return undefined;
    },
  };
  await reprocess(ticking(studio.now, NIGHTLY), studio.suite({ notifier }, 200));
  expect(studio.asked).toHaveLength(asked + 1);
});

test('while the service fails, nothing more is asked, and the backfill goes on when it is well', async () => {
  const studio = withPictures(40);
  const fault = new Fault('COS_UNREACHABLE', 'HTTP 500');
  studio.troubles.push(...Array(12).fill({ when: 'before', fault }));
  const suite = studio.suite();
  await reprocess(ticking(studio.now, NIGHTLY), suite);
  expect(studio.troubles.length).toBeGreaterThan(0);
  expect(await progress(studio)).toContain('not before');

  studio.troubles.length = 0;
  for (let n = 0; n < 12; n += 1) {
    studio.now += 2 * MINUTE;
    await reprocess(ticking(studio.now), { ...studio.suite(), instance: suite.instance });
  }
  expect(await progress(studio)).toContain('finished');
  expect(studio.objects.size).toBe(80);
});

test('a step that failed is tried again by the timer, and by nobody before its time', async () => {
  const studio = withPictures(1);
  studio.troubles.push({ when: 'before', fault: new Fault('COS_THROTTLED', 'slow down') });
  await onUpload(cosEvent('in/0000.jpg'), studio.suite());
  await reprocess(ticking(studio.now), studio.suite());
  expect(studio.asked).toHaveLength(0);

  studio.now += 6 * MINUTE;
  await reprocess(ticking(studio.now), studio.suite());
  expect(studio.asked).toHaveLength(1);
});

test('a step whose source is gone, or whose rule changed, ends as a dead letter', async () => {
  for (const change of ['source', 'rules']) {
    const studio = withPictures(1);
    studio.troubles.push({ when: 'before', fault: new Fault('COS_THROTTLED', 'slow down') });
    await onUpload(cosEvent('in/0000.jpg'), studio.suite());
    if (change === 'source') studio.objects.clear();
    else studio.rules = rulesIn(RULES.replace('prefix: in/, suffix', 'prefix: on/, suffix'));
    studio.now += 6 * MINUTE;
    await reprocess(ticking(studio.now), studio.suite());

    expect(studio.asked).toHaveLength(0);
    expect(await studio.records.list('dead/', { limit: 10 })).toHaveLength(1);
  }
});

test('one record that cannot be read does not keep the timer from the others', async () => {
  const studio = withPictures(2);
  const fault = new Fault('COS_THROTTLED', 'slow down');
  studio.troubles.push({ when: 'before', fault }, { when: 'before', fault });
  await onUpload(cosEvent('in/0000.jpg', 'in/0001.jpg'), studio.suite());
  const [first = ''] = await studio.records.list('steps/', { limit: 1 });
  await studio.records.write(first, 'no JSON');

  studio.now += 6 * MINUTE;
  await reprocess(ticking(studio.now), studio.suite());
  expect(studio.asked).toHaveLength(1);
  expect(studio.logged).toContainEqual(
    expect.objectContaining({ event: 'not swept', 'fault.code': 'RECORD_UNREADABLE' }),
  );
});

test('a stored run is carried out by the timer, once, and knows its steps', async () => {
  const studio = withPictures(1);
  const object = { bucket: BUCKET, region: REGION, key: 'in/0000.jpg' };
  const order = { caller: 'shop', object, template: 'cutout@1', idempotencyKey: 'k1' };
  const run = await storeRun(order, studio.suite());
  expect((await storeRun(order, studio.suite())).id).toBe(run.id);

  await reprocess(ticking(studio.now), studio.suite());
  await carryOutRun(run.id, studio.suite());
  const after = await findRun(run.id, studio.suite());
  expect(after?.state).toBe('carried-out');
  expect(after && (await stepsOfRun(after, studio.suite()))).toMatchObject([
    { state: { is: 'done' } },
  ]);
  expect(studio.asked).toHaveLength(1);

  const other = { ...order, idempotencyKey: 'k2', object: { ...object, key: 'in/no.jpg' } };
  const refused = await carryOutRun((await storeRun(other, studio.suite())).id, studio.suite());
  expect(refused?.state).toBe('refused');
});

test('invoked for one run, nothing else is carried out', async () => {
  const studio = withPictures(2);
  const order = (key: string) => ({
    ...{ caller: 'shop', template: 'cutout@1' },
    object: { bucket: BUCKET, region: REGION, key },
  });
  const [run, other] = [
    await storeRun(order('in/0000.jpg'), studio.suite()),
    await storeRun(order('in/0001.jpg'), studio.suite()),
  ];
  await reprocess(writeRunEvent(run.id), studio.suite());
  expect((await findRun(run.id, studio.suite()))?.state).toBe('carried-out');
  expect((await findRun(other.id, studio.suite()))?.state).toBe('waiting');

  // An event that comes twice, or for a run that is none, changes nothing.
  await reprocess(writeRunEvent(run.id), studio.suite());
  await reprocess(writeRunEvent('none'), studio.suite());
  expect(studio.asked).toHaveLength(1);
});

test('an object that cannot be looked up holds up nothing, and is counted', async () => {
  const studio = withPictures(3);
  const head: Suite['objects']['head'] = async ({ key }) => {
    if (key === 'in/0001.jpg') throw new Fault('COS_DENIED', 'Access denied');
    return studio.objects.get(key);
  };
  const suite = () => ({ ...studio.suite(), objects: { ...studio.suite().objects, head } });
  const begun = studio.now;
  for (let n = 0; n < 3; n += 1) {
    await reprocess(ticking(begun, NIGHTLY), suite());
    studio.now += MINUTE;
  }
  expect(await progress(studio)).toBe(`${NAME}: finished\n  3 seen, 2 submitted, 1 failed`);
});

test('a backfill that goes wrong does not keep the others waiting', async () => {
  const studio = withPictures(3);
  const order = { bucket: BUCKET, region: REGION, rules: [], budget: {} };
  await startBackfill({ ...order, name: 'a', prefix: 'denied/' }, studio.suite());
  await startBackfill({ ...order, name: 'b', prefix: 'in/' }, studio.suite());
  const suite = studio.suite();
  const list: Suite['objects']['list'] = async (from, page) => {
    if (page.prefix === 'denied/') throw new Fault('COS_DENIED', 'Access denied');
    return suite.objects.list(from, page);
  };
  await reprocess(ticking(studio.now), { ...suite, objects: { ...suite.objects, list } });
  expect(await loadCheckpoint('b', studio.suite())).toMatchObject({ state: 'finished', seen: 3 });
});
