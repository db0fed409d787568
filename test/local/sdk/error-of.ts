import COS from 'cos-nodejs-sdk-v5';
import { expect } from 'vitest';
import type { RawAnswer } from '../raw-request.ts';

/** The elements of an error's body, as the official client reads them. */
export type SaidError = Readonly<Record<string, string | undefined>>;

/** The error an answer carries, after a look at all that clients need of every error. */
export function errorOf(answer: RawAnswer): SaidError & { readonly status: number } {
  const { status, headers, body } = answer;
  expect(body.toString()).toMatch(/^<\?xml version='1.0' encoding='utf-8' \?>\n<Error>/);
  const { Error: said } = COS.util.xml2json(body.toString());
  for (const name of ['Code', 'Message', 'Resource', 'RequestId', 'TraceId']) {
    expect(said[name], `${name} of an error`).toMatch(/\S/);
  }
  expect(headers).toMatchObject({
    'content-type': 'application/xml',
    'content-length': String(body.length),
    server: 'tencent-cos',
    'x-cos-request-id': said.RequestId,
    'x-cos-trace-id': said.TraceId,
  });
  // `<hex>_<hex>_<hex>_<hex>` in Base64, the first of them the time in seconds.
  const id = Buffer.from(said.RequestId, 'base64').toString();
  expect(id).toMatch(/^[0-9a-f]{8}_[0-9a-f]+_[0-9a-f]+_[0-9a-f]+$/);
  expect(Date.parse(headers['date'] ?? '')).not.toBeNaN();
  return { ...said, status };
}
