import { Fault } from '../../../shared/core/fault.ts';
import { CosError } from '../../cos/errors.ts';
import { CiError } from '../ci-error.ts';
import { OperationError } from '../operations-port.ts';

/** Why a job failed, by a name of the service. */
export class JobError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'JobError';
    this.code = code;
  }
}

/** What a job says of whatever ended it. */
export function jobErrorOf(thrown: unknown): Pick<JobError, 'code' | 'message'> {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: codeOf(thrown), message };
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof JobError || thrown instanceof OperationError) return thrown.code;
  if (thrown instanceof CiError || thrown instanceof CosError) return thrown.code;
  const asked = thrown instanceof Fault && thrown.blame !== 'service';
  return asked ? 'InvalidArgument' : 'InternalError';
}
