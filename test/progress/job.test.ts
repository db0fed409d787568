import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advanceJob,
  hasEnded,
  JOB_STATES,
  type JobState,
  jobStateOf,
  receiptOf,
  sweepOf,
} from '../../shared/progress/job.ts';
import { clip } from './fixtures.ts';

const END: readonly JobState[] = ['succeeded', 'failed', 'cancelled', 'lost'];
const states = fc.constantFrom(...JOB_STATES);

test.for([
  ['Submitted', 'submitted'],
  ['Running', 'running'],
  ['Pause', 'paused'],
  ['Success', 'succeeded'],
  ['Failed', 'failed'],
  ['Cancel', 'cancelled'],
  ['Whatever', undefined],
  ['constructor', undefined],
] as const)("the service's %s is our %s", ([word, state]) => {
  expect(jobStateOf(word)).toBe(state);
});

describe('a job', () => {
  test('goes forward with each report, and keeps what the service said', () => {
    const trouble = { code: 'ResourceNotFound', message: 'No such video' };
    const running = advanceJob(clip(), { state: 'running' }, 5);
    expect(running).toEqual({ ...clip(), state: 'running', changedAt: 5 });
    expect(advanceJob(running, { state: 'failed', trouble }, 6)).toMatchObject({
      state: 'failed',
      trouble,
    });
  });

  test('that ended stays as it ended, in whatever order reports come and however often', () => {
    fc.assert(
      fc.property(fc.array(states), (reports) => {
        let job = clip();
        for (const state of reports) {
          const next = advanceJob(job, { state }, 7);
          if (hasEnded(job) || state === job.state) expect(next).toBe(job);
          if (next !== job) expect(next.state).toBe(state);
          job = next;
        }
        const ends = reports.filter((state) => END.includes(state));
        expect(job.state).toBe(ends[0] ?? job.state);
        expect(hasEnded(job)).toBe(ends.length > 0);
      }),
    );
  });

  test('does not go back from running to submitted by a late report', () => {
    const running = clip({ state: 'running' });
    expect(advanceJob(running, { state: 'submitted' }, 5)).toBe(running);
    expect(advanceJob(clip({ state: 'paused' }), { state: 'submitted' }, 5).state).toBe(
      'submitted',
    );
  });
});

describe('the sweep', () => {
  const at = 1_000_000;
  const terms = { quietMs: 60_000, lostMs: 3_600_000 };
  test.for([
    ['leaves a job that has just been heard of', {}, at + 59_999, 'leave'],
    ['asks about a job that has been quiet', {}, at + 60_000, 'ask'],
    ['gives a job up that never ends', { changedAt: at * 4 }, at + 3_600_000, 'ask-then-lost'],
    ['has patience with a paused queue', { state: 'paused' }, at + 3_600_000, 'ask'],
    ['leaves a job that has ended', { state: 'failed' }, at * 9, 'leave'],
  ] as const)('%s', ([, job, now, what]) => {
    expect(sweepOf(clip(job), { now, ...terms })).toBe(what);
  });
});

describe('for its step a job means', () => {
  const trouble = { code: 'InvalidArgument', message: 'Bad mode' };
  test.for([
    ['nothing yet', 'running', { etag: 'old' }, undefined],
    ['done', 'succeeded', { etag: 'out1' }, 'done'],
    ['failed, without an output', 'succeeded', undefined, 'OUTPUT_MISSING'],
    ['failed, whatever stands at the target', 'failed', { etag: 'old' }, 'JOB_FAILED'],
    ['failed for good', 'cancelled', undefined, 'JOB_CANCELLED'],
    ['failed with an unknown outcome', 'lost', undefined, 'OUTCOME_UNKNOWN'],
  ] as const)('%s', ([, state, output, what]) => {
    const receipt = receiptOf(clip({ state, trouble }), output);
    if (receipt?.status !== 'failed') expect(receipt?.status).toBe(what);
    else expect(receipt.fault.code).toBe(what);
  });

  test("what the service said, in the fault's own words", () => {
    const receipt = receiptOf(clip({ state: 'failed', trouble }), undefined);
    expect(receipt).toMatchObject({
      fault: {
        message: 'Job ac7c990a failed, InvalidArgument: Bad mode',
        detail: { jobId: 'ac7c990a', ...trouble },
      },
    });
  });
});
