import type { StepId } from '../plan/plan.ts';
import type { Trouble } from './entry.ts';
import type { StoredRecord } from './record.ts';
import type { SourceRef, StepRef } from './step-ref.ts';

const WHEN_IT_FAILS = ['retry', 'ignore', 'original'] as const;

export function readStepRef(record: StoredRecord): StepRef {
  return {
    id: record.text('id') as StepId,
    rule: record.text('rule'),
    template: record.text('template'),
    operation: record.text('operation'),
    target: record.objectRef('target'),
    whenItFails: record.word('whenItFails', WHEN_IT_FAILS),
    ...(record.has('jobTag') && { jobTag: record.text('jobTag') }),
  };
}

export function readSourceRef(record: StoredRecord): SourceRef {
  return {
    bucket: record.text('bucket'),
    region: record.text('region'),
    key: record.text('key'),
    etag: record.text('etag'),
    modified: record.time('modified'),
  };
}

export function readTrouble(record: StoredRecord): Trouble {
  return { code: record.text('code'), message: record.text('message') };
}
