import { strToU8, zipSync } from 'fflate';

/** The code of a function as the API takes it: `index.js` alone, or the files that are named. */
export function zipOf(code: string | Readonly<Record<string, string>>): string {
  const files = typeof code === 'string' ? { 'index.js': code } : code;
  const bytes = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, strToU8(text)]),
  );
  return Buffer.from(zipSync(bytes)).toString('base64');
}

/** A trust policy for functions. */
export const TRUST = JSON.stringify({
  version: '2.0',
  statement: [
    { effect: 'allow', action: 'name/sts:AssumeRole', principal: { service: ['scf.qcloud.com'] } },
  ],
});
