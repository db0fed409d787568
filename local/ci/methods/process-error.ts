import { CosError, type CosErrorCode } from '../../cos/errors.ts';
import { OperationError, type OperationFault } from '../operations-port.ts';

/** The numbers of picture processing: while downloading, and where the result is stored. */
const NUMBERS: Partial<Record<CosErrorCode, readonly [download: number, stored: number]>> = {
  InvalidArgument: [-103, -60998],
  InvalidPicOperations: [-103, -60998],
  InvalidImageFormat: [-441, -62999],
  InvalidImageSource: [-902, -60987],
  ImageTooLarge: [-167, -60996],
  ImageResolutionExceed: [-447, -60996],
  SlowDown: [-163, -60949],
};

/** The error under its code, with its number in `X-ErrNo` where it has one. */
export function numbered(
  code: CosErrorCode,
  message: string,
  when: 'download' | 'stored',
  number = NUMBERS[code]?.[when === 'download' ? 0 : 1],
): CosError {
  return new CosError(code, {
    message,
    headers: number === undefined ? {} : { 'X-ErrNo': String(number) },
  });
}

/** What an operation says is wrong, as the service answers it. */
export function processError(thrown: unknown, when: 'download' | 'stored'): unknown {
  if (!(thrown instanceof OperationError)) return thrown;
  return numbered(thrown.code satisfies OperationFault, thrown.message, when);
}
