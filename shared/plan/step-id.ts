import type { ObjectRef, Source } from '../core/object-ref.ts';
import type { Call } from '../operations/call.ts';
import { describeCall } from '../operations/fill-call.ts';
import type { StepId } from './plan.ts';

interface Work {
  readonly template: string;
  readonly call: Call;
  readonly target: Pick<ObjectRef, 'bucket' | 'key'>;
}

/**
 * Same bytes, same version of the template, same call, same target: same id. What changes between
 * two tries is not known here: addresses are put into a call, and a callback into its job, when
 * they are sent.
 */
export function stepId(
  source: Pick<Source, 'bucket' | 'key' | 'etag'>,
  template: string,
  call: Call,
  target: Pick<ObjectRef, 'bucket' | 'key'>,
): StepId {
  const from = `${nameOf(source)}@${source.etag}`;
  return `${from} | ${workOf({ template, call, target })}` as StepId;
}

/** What a step does, whatever bytes it does it to: its id without the source. */
export function workOf({ template, call, target }: Work): string {
  return `${template} | ${describeCall(call)} | ${nameOf(target)}`;
}

/** A key may hold the very bars that part an id; escaped, no key can pass for another step. */
function nameOf({ bucket, key }: Pick<ObjectRef, 'bucket' | 'key'>): string {
  return `${bucket}/${key.replace(/[%|]/g, encodeURIComponent)}`;
}
