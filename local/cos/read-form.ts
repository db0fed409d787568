import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { CosError } from './errors.ts';

/** The fields before the file, by name in lower case, and the file itself. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Readable;
  readonly fileName: string;
}

const MAX_FIELD_BYTES = 64 * 1024;
const MAX_FIELDS_BYTES = 128 * 1024;
const MAX_FIELDS = 100;
const LIMITS = {
  fieldSize: MAX_FIELD_BYTES,
  fields: MAX_FIELDS,
  files: 1,
  parts: MAX_FIELDS + 1,
  headerPairs: 50,
  headerSize: 16 * 1024,
};

/**
 * Reads up to the file, which is the last field that counts; what follows it is not looked at.
 * Nobody has signed anything yet, so a form gets no more memory than a form needs.
 */
export function readForm(body: Readable, type: string): Promise<Form> {
  const parser = parserFor(type);
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    let bytes = 0;
    let found: Readable | undefined;

    function refuse(message?: string): void {
      body.unpipe(parser);
      body.resume();
      reject(malformed(message));
    }

    parser.on('field', (given, value, _nameCut, valueCut) => {
      const name = lowerCase(given);
      bytes += name.length + value.length;
      if (valueCut) refuse(`The field ${name.slice(0, 60)} is too large.`);
      else if (bytes > MAX_FIELDS_BYTES) refuse('The fields of the form are too large.');
      else if (!fields.has(name)) fields.set(name, value);
    });
    parser.on('fieldsLimit', () => refuse(`A form has at most ${MAX_FIELDS} fields.`));
    parser.on('partsLimit', () => refuse(`A form has at most ${MAX_FIELDS} fields.`));
    parser.on('file', (_name, file, fileName) => {
      // Whoever reads the file hears of its errors; nobody else needs to.
      file.on('error', () => {});
      found = file;
      resolve({ fields, file, fileName: fileName ?? '' });
    });
    parser.on('finish', () => refuse('The form has no field "file".'));
    parser.on('error', () => refuse());
    body.on('close', () => {
      if (body.readableEnded) return;
      const gone = new Error('The client went away');
      parser.destroy(gone);
      found?.destroy(gone);
    });
    body.pipe(parser);
  });
}

/** A part need not have a name. */
function lowerCase(name: string | undefined): string {
  return name?.toLowerCase() ?? '';
}

function parserFor(type: string) {
  try {
    return new Busboy({
      headers: { 'content-type': type },
      limits: LIMITS,
      isPartAFile: (name) => lowerCase(name) === 'file',
    });
  } catch {
    throw malformed();
  }
}

function malformed(message?: string): CosError {
  return new CosError('MalformedPOSTRequest', message ? { message } : {});
}
