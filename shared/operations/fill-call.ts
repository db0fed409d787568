import { Fault } from '../core/fault.ts';
import { writeBase64Url } from '../wire/base64-url.ts';
import type { Borrowed, Call, JobBody } from './call.ts';

/** Where the address of a borrowed object belongs in the text of a call. */
export function placeOf(name: string): string {
  return `{${name}}`;
}

/** The call as it is sent: signed addresses, by the names of what it borrows, in their places. */
export function fillCall<C extends Call>(call: C, addresses: Readonly<Record<string, string>>): C {
  return withPlaces(call, ({ name, object, as }) => {
    const address = Object.hasOwn(addresses, name) ? addresses[name] : undefined;
    if (address === undefined) {
      throw new Fault('PARAMETER_INVALID', `No address was given for ${name} (${object.key})`, {
        detail: { name, bucket: object.bucket, key: object.key },
      });
    }
    return as === 'base64-url' ? writeBase64Url(address) : address;
  });
}

/**
 * What a call asks for, as it stands in a step id: the same for the same bytes, whenever it is
 * sent. Job settings are left out, for they change nothing about the result.
 */
export function describeCall(call: Call): string {
  const named = withPlaces(call, nameOf);
  switch (named.via) {
    case 'pic-operations':
      return named.rule;
    case 'job':
      return `${named.tag} ${JSON.stringify(named.body)}`;
    case 'download':
      return named.query.map(([name, value]) => (value ? `${name}=${value}` : name)).join('&');
  }
}

/** A key may hold what a rule keeps for itself; escaped, no key can read like another call. */
function nameOf({ object, etag }: Borrowed): string {
  return `${object.bucket}/${object.key}@${etag}`.replace(/[%&|{}\s]/g, encodeURIComponent);
}

function withPlaces<C extends Call>(call: C, write: (borrowed: Borrowed) => string): C {
  const written = new Map(call.borrows.map((borrowed) => [borrowed.name, write(borrowed)]));
  // One pass, and a function: what is put in is never searched again, nor a `$` in it obeyed.
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (place, name: string) => written.get(name) ?? place);

  switch (call.via) {
    case 'pic-operations':
      return { ...call, rule: fill(call.rule), borrows: [] };
    case 'job':
      return { ...call, body: filledBody(call.body, fill), borrows: [] };
    case 'download':
      return {
        ...call,
        query: call.query.map(([name, value]) => [name, fill(value)] as const),
        borrows: [],
      };
  }
}

function filledBody(body: JobBody, fill: (text: string) => string): JobBody {
  return body.map(([name, content]) => [
    name,
    typeof content === 'string' ? fill(content) : filledBody(content, fill),
  ]);
}
