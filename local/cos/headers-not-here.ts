import { CosError } from './errors.ts';

/** Headers that ask for something the service has and the engine has not. */
export const HEADERS_NOT_HERE: readonly string[] = [
  'x-cos-callback',
  'x-cos-server-side-encryption',
  'x-cos-server-side-encryption-customer-algorithm',
  'x-cos-website-redirect-location',
];

/** An object that is stored without what was asked for would be a promise that nobody keeps. */
export function refuseHeadersNotHere(headers: Readonly<Record<string, string | undefined>>): void {
  const header = HEADERS_NOT_HERE.find((name) => headers[name]);
  if (header === undefined) return;
  throw new CosError('NotImplemented', {
    message: `The engine does not have the header ${header}.`,
  });
}
