import { expect, test } from 'vitest';
import { onUpload } from '../../functions/on-upload/on-upload.ts';
import { Fault } from '../../shared/core/fault.ts';
import { reasonToReplay } from '../../shared/progress/receipt.ts';
import { tick } from '../../shared/run/tick.ts';
import { writeWorkflowEvent } from '../../shared/wire/workflow-event.ts';
import { cosEvent, MINUTE, Studio } from '../run/studio.ts';

const RULES = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{dir}/{stem}.png' }
      - { operation: super-resolution, into: 'large/{dir}/{stem}.jpg' }
  clip@1:
    outputs:
      - { operation: segment-video-body, with: { mode: mask }, into: 'masks/{stem}.mp4' }
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
  - { name: clips, when: { prefix: in/, suffix: .mp4 }, use: clip }
`;

const statuses = (receipts: readonly { readonly status: string; readonly because?: string }[]) =>
  receipts.map(({ status, because }) => because ?? status);

test('all objects of an event are processed, the steps of each in one request', async () => {
  const studio = new Studio(RULES);
  for (const key of ['in/a.jpg', 'in/b.jpg', 'other/c.jpg']) studio.put(key);

  const receipts = await onUpload(cosEvent('in/a.jpg', 'in/b.jpg', 'other/c.jpg'), studio.suite());

  expect(statuses(receipts)).toEqual(['done', 'done', 'done', 'done']);
  expect(studio.requests).toHaveLength(2);
  expect(studio.objects.has('cutouts/in/b.png')).toBe(true);
});

test('what a node of a workflow hands on is processed like an upload', async () => {
  const studio = new Studio(RULES);
  const source = studio.put('in/a.jpg');
  const receipts = await onUpload(writeWorkflowEvent(source), studio.suite());
  expect(statuses(receipts)).toEqual(['done', 'done']);
});

test('one object that cannot be looked at keeps no other from being processed', async () => {
  const studio = new Studio(RULES);
  for (const key of ['in/a.jpg', 'in/b.jpg']) studio.put(key);
  const suite = studio.suite();
  const head: typeof suite.objects.head = async (object) => {
    if (object.key === 'in/a.jpg') throw new Fault('COS_UNREACHABLE', 'HTTP 500');
    return suite.objects.head(object);
  };
  const objects = { ...suite.objects, head };
  const event = cosEvent('in/a.jpg', 'in/b.jpg');
  await expect(onUpload(event, { ...suite, objects })).rejects.toThrow('HTTP 500');
  expect(studio.objects.has('cutouts/in/b.png')).toBe(true);
});

test('an event that comes twice is paid for once', async () => {
  const studio = new Studio(RULES);
  studio.put('in/a.jpg');

  await onUpload(cosEvent('in/a.jpg'), studio.suite());
  const again = await onUpload(cosEvent('in/a.jpg'), studio.suite());

  expect(statuses(again)).toEqual(['already-done', 'already-done']);
  expect(studio.requests).toHaveLength(1);
});

test('an event that comes twice at once is paid for once, and one of them comes again', async () => {
  const studio = new Studio(RULES);
  studio.put('in/a.jpg');

  const both = await Promise.all([
    onUpload(cosEvent('in/a.jpg'), studio.suite()),
    onUpload(cosEvent('in/a.jpg'), studio.suite()),
  ]);

  expect(new Set(studio.asked).size).toBe(studio.asked.length);
  expect(both.flatMap(statuses).sort()).toEqual(['done', 'done', 'in-progress', 'in-progress']);
  expect(both.some((receipts) => reasonToReplay(receipts)?.code === 'STEP_HELD')).toBe(true);
});

test('new bytes under the same key are new work', async () => {
  const studio = new Studio(RULES);
  studio.put('in/a.jpg');
  await onUpload(cosEvent('in/a.jpg'), studio.suite());
  studio.put('in/a.jpg');
  const receipts = await onUpload(cosEvent('in/a.jpg'), studio.suite());

  expect(statuses(receipts)).toEqual(['done', 'done']);
  expect(studio.asked).toHaveLength(4);
});

test('a request whose answer was lost is looked for before it is sent again', async () => {
  const studio = new Studio(RULES);
  studio.put('in/a.jpg');
  studio.troubles.push({ when: 'after', fault: new Fault('OUTCOME_UNKNOWN', 'no answer') });

  const first = await onUpload(cosEvent('in/a.jpg'), studio.suite());
  expect(reasonToReplay(first)?.code).toBe('OUTCOME_UNKNOWN');
  studio.now += MINUTE;
  const second = await onUpload(cosEvent('in/a.jpg'), studio.suite());

  expect(statuses(second)).toEqual(['done', 'done']);
  expect(studio.requests).toHaveLength(1);
});

test('a job is submitted once, even when the answer with its id was lost', async () => {
  const studio = new Studio(RULES);
  studio.put('in/a.mp4');
  studio.troubles.push({ when: 'after', fault: new Fault('OUTCOME_UNKNOWN', 'no answer') });

  await onUpload(cosEvent('in/a.mp4'), studio.suite());
  studio.now += MINUTE;
  const second = await onUpload(cosEvent('in/a.mp4'), studio.suite());

  expect(statuses(second)).toEqual(['accepted']);
  expect(studio.jobs).toHaveLength(1);
});

test('who was cut off half-way is followed by the timer, which looks first', async () => {
  const studio = new Studio(RULES);
  studio.put('in/a.jpg');
  const cutOff = studio.suite();
  const { perform } = cutOff.ci;
  const ci = {
    ...cutOff.ci,
    perform: async (...asked: Parameters<typeof perform>) => {
      await perform(...asked);
      return new Promise<never>(() => {});
    },
  };
  void onUpload(cosEvent('in/a.jpg'), { ...cutOff, ci });
  await expect.poll(() => studio.requests.length).toBe(1);

  studio.now += 6 * MINUTE;
  await tick(studio.suite());

  const again = await onUpload(cosEvent('in/a.jpg'), studio.suite());
  expect(statuses(again)).toEqual(['already-done', 'already-done']);
  expect(studio.requests).toHaveLength(1);
});

test('what fails for good becomes a dead step with its reason', async () => {
  const studio = new Studio(RULES);
  studio.put('in/a.jpg');
  const denied = new Fault('COS_DENIED', 'no such role');
  studio.troubles.push({ when: 'before', fault: denied });

  const receipts = await onUpload(cosEvent('in/a.jpg'), studio.suite());
  expect(statuses(receipts)).toEqual(['failed', 'failed']);
  expect(reasonToReplay(receipts)).toBeUndefined();

  const again = await onUpload(cosEvent('in/a.jpg'), studio.suite());
  expect(statuses(again)).toEqual(['dead', 'dead']);
  expect(await studio.records.list('dead/2026-01-31/', { limit: 10 })).toHaveLength(2);
});
