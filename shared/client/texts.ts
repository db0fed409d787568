import type { Place } from '../plan/places.ts';
import { readVersioning, type Versioning } from '../wire/versioning.ts';
import type { Ask, Heard, Question } from './ask.ts';
import { faultOf, vendorCodeOf } from './vendor-faults.ts';

/** The longest record, each of its characters as long as one can be. */
const TEXT_BYTES = 1024 * 1024;

/** By this a writer knows its own writing again when the answer to it was lost. */
const WRITER = 'x-cos-meta-darkroom-writer';

/** Texts as objects of one bucket. */
export interface Texts {
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
  /** Puts where there is nothing; false where there is something that is not of this writer. */
  create(key: string, text: string, writer: string): Promise<boolean>;
  versioning(): Promise<Versioning>;
}

export function openTexts(ask: Ask, { bucket, region }: Place): Texts {
  const question = (
    method: Question['method'],
    path: string,
    more: Partial<Question>,
  ): Promise<Heard> =>
    ask({
      ...{ method, at: { bucket, region }, service: 'cos', path },
      ...{ again: 'safe', limited: false },
      ...more,
    });
  const put = (key: string, text: string, headers = {}, expects: readonly number[] = []) =>
    question('PUT', `/${key}`, {
      body: text,
      headers: { 'content-type': 'application/json', ...headers },
      expects,
    });

  return {
    async get(key) {
      const heard = await question('GET', `/${key}`, { expects: [404], maxBytes: TEXT_BYTES });
      if (heard.status !== 404) return heard.body.toString('utf8');
      if (vendorCodeOf(heard) !== 'NoSuchBucket') return undefined;
      // It is not said to hold nothing: that would be the loss of all records.
      throw faultOf(heard, `GET ${bucket}/${key}`);
    },

    async put(key, text) {
      await put(key, text);
    },

    async create(key, text, writer) {
      const headers = { 'x-cos-forbid-overwrite': 'true', [WRITER]: writer };
      const heard = await put(key, text, headers, [409]);
      if (heard.status !== 409) return true;
      if (vendorCodeOf(heard) !== 'FileAlreadyExists') throw faultOf(heard, `PUT ${bucket}/${key}`);
      if (!heard.unsure) return false;
      const there = await question('HEAD', `/${key}`, {});
      return there.headers[WRITER] === writer;
    },

    async versioning() {
      return readVersioning((await question('GET', '/', { query: { versioning: '' } })).body);
    },
  };
}
