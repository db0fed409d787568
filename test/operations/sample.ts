import type { Call } from '../../shared/operations/call.ts';
import type { CallOptions, Operation } from '../../shared/operations/operation.ts';
import { sentenceOf } from '../../shared/operations/parameter-problem.ts';
import { readParameters } from '../../shared/operations/read-parameters.ts';

/** A mask as it was looked up. */
export const logo = {
  object: { bucket: 'studio-1300001234', region: 'ap-guangzhou', key: 'masks/logo.png' },
  etag: 'e7a6',
};

/** The call for parameters as a rules file gives them. */
export function callFor(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  how: Partial<CallOptions> = {},
): Call {
  const read = readParameters(operation, given);
  if ('problems' in read) throw new Error(read.problems.map(sentenceOf).join('\n'));
  const via = operation.methods.includes('cloud') ? 'pic-operations' : 'job';
  return operation.callOf(read.parameters, {
    via,
    borrowed: {},
    fallBack: false,
    job: {},
    ...how,
  });
}

/** What readers are told about parameters, a sentence each. */
export function problemsOf(operation: Operation, given: unknown): readonly string[] {
  const read = readParameters(operation, given);
  return 'problems' in read ? read.problems.map(sentenceOf) : [];
}
