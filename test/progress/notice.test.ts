import { describe, expect, test } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';
import type { NoticeTarget } from '../../shared/plan/rules.ts';
import { advance, newCheckpoint } from '../../shared/progress/checkpoint.ts';
import { type Delivery, deliveriesOf, sent } from '../../shared/progress/delivery.ts';
import { advanceJob } from '../../shared/progress/job.ts';
import {
  noticeOf,
  noticeOfBackfill,
  noticeOfStep,
  signatureText,
} from '../../shared/progress/notice.ts';
import { NOTICE_RETRIES } from '../../shared/progress/retries.ts';
import { settled } from '../../shared/progress/settle.ts';
import { clip, cutout, takenAt } from './fixtures.ts';

const done = { step: cutout(), status: 'done', output: { etag: 'out1' } } as const;
const open = takenAt(5);
const finished = settled(open, done, { attempt: 1 }, { now: 9 });

describe('a notice', () => {
  test('tells of a job what changed, and nothing when nothing did', () => {
    const job = clip();
    expect(noticeOf(job, advanceJob(job, { state: 'submitted' }, 9))).toBeUndefined();
    const trouble = { code: 'InvalidArgument', message: 'Bad mode' };
    expect(noticeOf(job, advanceJob(job, { state: 'failed', trouble }, 9))).toEqual({
      id: 'ac7c990a.failed',
      type: 'job.failed',
      step: job.step.id,
      rule: 'products',
      template: 'cutout@2',
      operation: 'segment-video-body',
      target: job.step.target,
      jobId: 'ac7c990a',
      because: 'InvalidArgument: Bad mode',
    });
  });

  test('tells that a step is done, or dead and why, and nothing in between', () => {
    const denied = new Fault('COS_DENIED', 'No such role');
    const failed = { step: cutout(), status: 'failed', fault: denied } as const;
    const dead = settled(open, failed, { attempt: 1 }, { now: 9 });
    const jobbed = { step: cutout(), status: 'accepted', jobId: 'a1' } as const;
    const accepted = settled(open, jobbed, { attempt: 1 }, { now: 9 });

    expect(noticeOfStep(open, finished)).toMatchObject({
      id: `${cutout().id}.done`,
      type: 'step.done',
      target: cutout().target,
    });
    expect(noticeOfStep(open, dead)).toMatchObject({
      type: 'step.dead',
      because: 'fault (COS_DENIED: No such role)',
    });
    expect(noticeOfStep(open, accepted)).toBeUndefined();
    expect(noticeOfStep(finished, finished)).toBeUndefined();
  });

  test('tells where a backfill stopped, not each page of it', () => {
    const start = newCheckpoint('spring', { prefix: '', maxSubmitted: 10 });
    const next = advance(start, { seen: 3, receipts: [], unread: 0, next: 'm' });
    const end = advance(next, { seen: 2, receipts: [], unread: 0, next: undefined });
    expect(noticeOfBackfill(start, next)).toBeUndefined();
    expect(noticeOfBackfill(next, end)).toEqual({
      id: 'spring.3.finished',
      type: 'backfill.finished',
      backfill: 'spring',
      seen: 5,
      submitted: 0,
      failed: 0,
    });
  });

  test('is signed over the time and the very bytes of its body', () => {
    expect(signatureText(1767225600, '{"id": "a.done"}')).toBe('1767225600.{"id": "a.done"}');
  });
});

describe('a delivery', () => {
  const target = (name: string, about: string[]): NoticeTarget => {
    return { name, about, url: 'https://shop.example/' };
  };
  const notice = noticeOfStep(open, finished);
  if (!notice) throw new Error('a step that is done is news');
  const [delivery] = deliveriesOf(notice, [target('all', ['*'])], 50);
  if (!delivery) throw new Error('somebody wants all notices');

  test('goes to whoever wants to hear of it', () => {
    const targets = [
      target('all', ['*']),
      target('done', ['job.failed', 'step.done']),
      target('dead', ['step.dead']),
      target('none', []),
    ];
    expect(deliveriesOf(notice, targets, 50).map((one) => one.target)).toEqual(['all', 'done']);
    expect(delivery).toMatchObject({ id: notice.id, state: 'waiting', attempts: 0, dueAt: 50 });
    expect(JSON.parse(delivery.body)).toEqual(notice);
  });

  test('is over with any 2xx, and tried again after growing pauses with anything else', () => {
    expect(sent(delivery, 204, 60)).toMatchObject({ state: 'delivered', lastStatus: 204 });
    for (const status of [undefined, 199, 302, 404, 500]) {
      expect(sent(delivery, status, 60)).toMatchObject({ state: 'waiting', dueAt: 30_060 });
    }
    expect(sent(sent(delivery, 500, 60), undefined, 0).dueAt).toBe(90_000);
  });

  test('keeps its words and its id, and is given up in the end', () => {
    let last: Delivery = delivery;
    for (let attempt = 0; attempt < NOTICE_RETRIES.attempts; attempt += 1) {
      expect(last).toMatchObject({ state: 'waiting', id: notice.id, body: delivery.body });
      last = sent(last, 500, last.dueAt);
    }
    expect(last.state).toBe('given-up');
    expect(sent(last, 200, 0)).toBe(last);
  });
});
