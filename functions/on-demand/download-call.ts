import { Fault } from '../../shared/core/fault.ts';
import type { DownloadCall } from '../../shared/operations/call.ts';
import { borrowedPatterns, operationOf } from '../../shared/plan/borrowed.ts';
import type { Output } from '../../shared/plan/rule.ts';

/** How an output is asked for at download of a picture elsewhere, which has no mask beside it. */
export function downloadCall(output: Output): DownloadCall {
  const operation = operationOf(output);
  if (borrowedPatterns(operation, output.parameters).length > 0) {
    throw refused(`${operation.name} here needs a mask or background beside its source`);
  }
  if (!operation.methods.includes('download')) {
    throw refused(`${operation.name} cannot be done at download`);
  }
  const fallBack = output.whenItFails === 'original';
  const how = { via: 'download', borrowed: {}, fallBack, job: {} } as const;
  const call = operation.callOf(output.parameters, how);
  // A pipeline has no parameter for an address: the service processes only what is in the bucket.
  if (call.via !== 'download' || call.query[0]?.[0] !== 'ci-process') {
    throw refused(`${operation.name} takes no picture from elsewhere`);
  }
  return call;
}

function refused(why: string): Fault {
  return new Fault('REQUEST_INVALID', `This cannot be made of a picture elsewhere: ${why}`);
}
