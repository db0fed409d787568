import { describe, expect, test } from 'vitest';
import { Fault, type FaultCode } from '../../shared/core/fault.ts';
import { type Receipt, reasonToReplay } from '../../shared/progress/receipt.ts';
import { cutout } from './fixtures.ts';

const step = cutout();
const done: Receipt = { step, status: 'done', output: { etag: 'out1' } };
const failed = (code: FaultCode): Receipt => ({
  step,
  status: 'failed',
  fault: new Fault(code, 'It failed'),
});

describe('an event is delivered again', () => {
  test.for<[string, Receipt, FaultCode | undefined]>([
    ['not when all is done', done, undefined],
    ['not when a job has it', { step, status: 'accepted', jobId: 'a1' }, undefined],
    ['not when it was done before', skipped('already-done'), undefined],
    ['when somebody else is at it', skipped('in-progress'), 'STEP_HELD'],
    ['not when the ledger knows when it is due', skipped('waiting'), undefined],
    ['not when it was given up', skipped('dead'), undefined],
    ['not when its budget is spent', postponed('over-budget'), undefined],
    ['when the service fails', postponed('breaker-open'), 'BREAKER_OPEN'],
    ['when it failed and time may heal it', failed('COS_THROTTLED'), 'COS_THROTTLED'],
    ['not when it failed for good', failed('COS_DENIED'), undefined],
  ])('%s', ([, receipt, code]) => {
    expect(reasonToReplay([done, receipt, done])?.code).toBe(code);
    expect(reasonToReplay([])).toBeUndefined();
  });

  test.for<Receipt>([failed('COS_UNREACHABLE'), skipped('in-progress'), postponed('breaker-open')])(
    'never for a step whose failing is to be ignored',
    (receipt) => {
      const ignored = { ...receipt, step: cutout({ whenItFails: 'ignore' }) };
      expect(reasonToReplay([ignored])).toBeUndefined();
    },
  );
});

function skipped(because: 'already-done' | 'in-progress' | 'waiting' | 'dead'): Receipt {
  return { step, status: 'skipped', because };
}

function postponed(because: 'over-budget' | 'breaker-open'): Receipt {
  return { step, status: 'skipped', because, until: 5 };
}
