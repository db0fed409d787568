import type { Source } from '../../shared/core/object-ref.ts';
import { redacted } from '../../shared/core/redact.ts';
import type { Skip } from '../../shared/plan/plan.ts';
import type { Trouble } from '../../shared/progress/entry.ts';
import { troubleOf } from '../../shared/progress/entry.ts';
import type { Receipt } from '../../shared/progress/receipt.ts';
import type { StepRef } from '../../shared/progress/step-ref.ts';

// Values as answers show them: what a caller may know, and nothing that is only ours.

export function sourceReply({ bucket, region, key, etag }: Source) {
  return { bucket, region, key, etag };
}

export function stepReply({ id, template, operation, target }: StepRef) {
  const { bucket, region, key } = target;
  return { id, template, operation, target: { bucket, region, key } };
}

export function skipReply({ output, because }: Skip) {
  return { ...(output === undefined ? {} : { output }), because };
}

export function troubleReply({ code, message }: Trouble) {
  return { code, message: redacted(message) };
}

export function receiptReply(receipt: Receipt) {
  const { step, status } = receipt;
  const common = { ...stepReply(step), status };
  switch (receipt.status) {
    case 'done':
      return { ...common, output: receipt.output };
    case 'accepted':
      return { ...common, jobId: receipt.jobId };
    case 'skipped':
      return { ...common, because: receipt.because };
    case 'failed':
      return { ...common, trouble: troubleReply(troubleOf(receipt.fault)) };
  }
}
