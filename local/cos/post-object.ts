import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { writeEtag } from '../../shared/wire/etag.ts';
import { encodePath, percentEncode } from '../../shared/wire/percent.ts';
import type { Answer } from '../server/answer.ts';
import { CosError } from './errors.ts';
import type { CosOperation, Exchange } from './exchange.ts';
import { authenticateForm } from './form-policy.ts';
import { descriptionIn } from './object-headers.ts';
import { MAX_PUT_BYTES, mustBeStored, raising, storedHeaders, writeCondition } from './stored.ts';

/** The fields before the file, by name in lower case, and the file itself. */
interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Readable;
  readonly fileName: string;
}

const LIMITS = { fieldSize: 256 * 1024, fields: 100, files: 1, parts: 101, headerPairs: 50 };

/** Fields that are said about the object as headers would. */
const AS_HEADERS =
  /^(cache-control|content-(type|disposition|encoding|language)|expires|x-cos-.+)$/;

export const postObject: CosOperation = {
  name: 'PostObject',
  method: 'POST',
  on: 'bucket',
  action: 'cos:PostObject',
  signsItself: true,
  async run(exchange) {
    const { incoming, service, bucket } = exchange;
    const type = incoming.headers['content-type'] ?? '';
    if (!/^multipart\/form-data\s*;/i.test(type)) throw new CosError('MalformedPOSTRequest');
    const form = await formIn(incoming.body.stream(), type);
    try {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a form says it
      const key = (form.fields.get('key') ?? '').replaceAll('${filename}', form.fileName);
      if (key === '')
        throw new CosError('MalformedPOSTRequest', { message: 'A form names a key.' });
      const range = authenticateForm(exchange, form.fields, key);
      const headers = Object.fromEntries(
        [...form.fields].filter(([name]) => AS_HEADERS.test(name)),
      );
      const outcome = await service.storage.objects.put(bucket, key, form.file, {
        describe: descriptionIn(headers),
        expect: {
          minSize: range?.min,
          maxSize: Math.min(range?.max ?? MAX_PUT_BYTES, MAX_PUT_BYTES),
        },
        onlyIf: writeCondition(exchange),
        also: raising(exchange, 'cos:ObjectCreated:Post'),
      });
      const { record } = mustBeStored(outcome);
      service.events.wake();
      return answerTo(exchange, form.fields, key, storedHeaders(record), record.etag);
    } finally {
      form.file.resume();
    }
  },
};

/** Reads up to the file, which is the last field that counts; what follows it is not looked at. */
function formIn(body: Readable, type: string): Promise<Form> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const malformed = (message?: string) =>
      reject(new CosError('MalformedPOSTRequest', message ? { message } : {}));
    let parser: InstanceType<typeof Busboy>;
    try {
      parser = new Busboy({
        headers: { 'content-type': type },
        limits: LIMITS,
        preservePath: false,
      });
    } catch {
      malformed();
      return;
    }
    parser.on('field', (name, value, _nameCut, valueCut) => {
      if (valueCut) malformed(`The field ${name.slice(0, 60)} is too large.`);
      else if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value);
    });
    parser.on('file', (name, file, fileName) => {
      if (name.toLowerCase() === 'file') resolve({ fields, file, fileName: fileName ?? '' });
      else file.resume();
    });
    parser.on('finish', () => malformed('The form has no field "file".'));
    parser.on('error', () => malformed());
    body.on('error', (error) => parser.destroy(error));
    body.on('close', () => {
      if (!body.readableEnded) parser.destroy(new Error('The client went away'));
    });
    body.pipe(parser);
  });
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
