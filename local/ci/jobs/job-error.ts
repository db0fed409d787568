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
  if (thrown instanceof JobError || thrown instanceof OperationError) return thrown;
  if (thrown instanceof CiError || thrown instanceof CosError) return thrown;
  const code =
    thrown instanceof Fault && thrown.blame !== 'service' ? 'InvalidArgument' : undefined;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: code ?? 'InternalError', message };
}
