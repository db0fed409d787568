import type { Source } from '../core/object-ref.ts';
import type { Step } from '../plan/plan.ts';

/**
 * What is remembered of a step: everything but its call. Whoever tries it again plans again, so a
 * record never asks for something that the rules no longer ask for.
 */
export interface StepRef
  extends Pick<Step, 'id' | 'rule' | 'template' | 'operation' | 'target' | 'whenItFails'> {
  /** Where a job does it: by which tag the service lists such jobs. */
  readonly jobTag?: string;
}

/** What is remembered of a source: where it is, and as what it stood there when it was planned. */
export type SourceRef = Pick<Source, 'bucket' | 'region' | 'key' | 'etag' | 'modified'>;

/** Only what is remembered, of a step that may carry more. */
export function stepRefOf(step: StepRef | Step): StepRef {
  const { id, rule, template, operation, target, whenItFails } = step;
  const jobTag = 'call' in step ? tagOf(step) : step.jobTag;
  const ref = { id, rule, template, operation, target, whenItFails };
  return jobTag === undefined ? ref : { ...ref, jobTag };
}

function tagOf({ call }: Step): string | undefined {
  return call.via === 'job' ? call.tag : undefined;
}

/** Only what is remembered, of a source that may carry more. */
export function sourceRefOf(source: SourceRef): SourceRef {
  const { bucket, region, key, etag, modified } = source;
  return { bucket, region, key, etag, modified };
}
