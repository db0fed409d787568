import { Fault } from '../../../shared/core/fault.ts';
import { CosError, type CosErrorCode } from '../../cos/errors.ts';
import { OperationError, type OperationFault } from '../operations-port.ts';

/** Whether the answer is the processed picture, or the result is stored. */
type When = 'download' | 'stored';

/** The numbers of picture processing: while downloading, and where the result is stored. */
const NUMBERS: Partial<Record<CosErrorCode, readonly [download: number, stored: number]>> = {
  InvalidArgument: [-103, -60998],
  InvalidPicOperations: [-103, -60998],
  InvalidImageFormat: [-441, -62999],
  InvalidImageSource: [-902, -60987],
  ImageTooLarge: [-167, -60996],
  ImageResolutionExceed: [-447, -60996],
  NoSuchKey: [-6101, -60987],
  SlowDown: [-163, -60949],
};

/** The error under its code, with its number in `X-ErrNo` where it has one. */
export function numbered(
  code: CosErrorCode,
  message: string,
  when: When,
  number = NUMBERS[code]?.[when === 'download' ? 0 : 1],
): CosError {
  return new CosError(code, {
    message,
    headers: {
      Server: 'tencent-ci',
      ...(number === undefined ? {} : { 'X-ErrNo': String(number) }),
    },
  });
}

/** What is wrong with a rule, a picture or where it comes from, as the service answers it. */
export function processError(thrown: unknown, when: When): unknown {
  if (thrown instanceof OperationError) {
    return numbered(thrown.code satisfies OperationFault, thrown.message, when);
  }
  // Whatever of a rule cannot be read is the fault of whoever wrote it.
  if (thrown instanceof Fault && thrown.blame !== 'service') {
    return numbered(
      when === 'download' ? 'InvalidArgument' : 'InvalidPicOperations',
      thrown.message,
      when,
    );
  }
  if (thrown instanceof CosError && thrown.code === 'NoSuchKey') {
    return numbered('NoSuchKey', thrown.message, when);
  }
  return thrown;
}
