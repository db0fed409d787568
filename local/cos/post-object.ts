import { writeEtag } from '../../shared/wire/etag.ts';
import { encodePath, percentEncode } from '../../shared/wire/percent.ts';
import { uploadResultAnswer } from '../ci/methods/cloud.ts';
import { runStoredRules, storedRulesIn } from '../ci/methods/stored-rules.ts';
import type { Answer } from '../server/answer.ts';
import { checkKey } from './check-key.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { authenticateForm } from './form-policy.ts';
import { gathered } from './gathered.ts';
import { refuseHeadersNotHere } from './headers-not-here.ts';
import { descriptionIn } from './object-headers.ts';
import { type Form, readForm } from './read-form.ts';
import { MAX_PUT_BYTES, mustBeStored, raising, storedHeaders, writeCondition } from './stored.ts';

/** Fields that are said about the object as headers would. */
const AS_HEADERS =
  /^(cache-control|content-(type|disposition|encoding|language)|expires|x-cos-.+)$/s;
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

export const postObject: CosOperation = {
  name: 'PostObject',
  method: 'POST',
  on: 'bucket',
  action: 'cos:PostObject',
  asksItself: true,
  async run(exchange) {
    const { incoming, service, bucket } = exchange;
    const type = incoming.headers['content-type'] ?? '';
    if (!/^multipart\/form-data\s*;/i.test(type)) throw new CosError('MalformedPOSTRequest');
    const form = await readForm(incoming.body.stream(), type);
    try {
      const key = keyOf(form);
      const range = authenticateForm(exchange, form.fields, key);
      const said = headersIn(form.fields);
      refuseHeadersNotHere(said);
      const source = { ...exchange, key };
      const rules = storedRulesIn(source, form.fields.get('pic-operations'), key, 'upload');
      const outcome = await service.storage.objects.put(bucket, key, gathered(form.file), {
        describe: descriptionIn(said),
        expect: {
          minSize: range?.min,
          maxSize: Math.min(range?.max ?? MAX_PUT_BYTES, MAX_PUT_BYTES),
        },
        onlyIf: writeCondition(said),
        also: raising(exchange, 'cos:ObjectCreated:Post'),
      });
      const { record } = mustBeStored(outcome);
      service.events.wake();
      if (rules) return uploadResultAnswer(source, await runStoredRules(source, rules));
      return answerTo(exchange, form.fields, key, storedHeaders(record), record.etag);
    } finally {
      form.file.resume();
    }
  },
};

/** The key a form asks for, with the name of the file where it says so. */
function keyOf({ fields, fileName }: Form): string {
  const wanted = fields.get('key') ?? '';
  checkKey(wanted);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a form says it
  const key = wanted.replaceAll('${filename}', () => fileName);
  checkKey(key);
  if (key !== '') return key;
  throw new CosError('MalformedPOSTRequest', { message: 'A form names a key.' });
}

/** The fields that are said about the object, as headers: their texts are bytes there. */
function headersIn(fields: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (!AS_HEADERS.test(name)) continue;
    if (!HEADER_NAME.test(name) || /[\u0000-\u001f\u007f]/.test(value)) {
      throw new CosError('InvalidArgument', {
        message: `The field ${JSON.stringify(name)} cannot stand in a header.`,
      });
    }
    headers[name] = Buffer.from(value).toString('latin1');
  }
  return headers;
}

function answerTo(
  { bucket, host }: Exchange,
  fields: ReadonlyMap<string, string>,
  key: string,
  stored: Record<string, string>,
  etag: string,
): Answer {
  const redirect = fields.get('success_action_redirect');
  if (redirect && /^https?:\/\//.test(redirect)) {
    const told = `bucket=${percentEncode(bucket)}&key=${percentEncode(key)}&etag=${percentEncode(writeEtag(etag))}`;
    const location = `${redirect}${redirect.includes('?') ? '&' : '?'}${told}`;
    return {
      status: 303,
      headers: { ...stored, Location: location.replace(/[^!-~]+/gu, percentEncode) },
    };
  }
  const asked = fields.get('success_action_status');
  const status = asked === '200' || asked === '201' ? Number(asked) : 204;
  return { status, headers: { ...stored, Location: `http://${host}/${encodePath(key)}` } };
}
