import type { Place } from '../plan/places.ts';
import { readEtag, writeEtag } from '../wire/etag.ts';
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
  /** The text and its etag; `unchanged` where it still has the one that is known. */
  getUnless(
    known: string | undefined,
    key: string,
  ): Promise<{ readonly text: string; readonly etag: string } | 'unchanged' | undefined>;
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

  /** Nothing where there is no such object. Of a bucket that is not there, nothing is not said. */
  const read = async (key: string, more: Partial<Question>): Promise<Heard | undefined> => {
    const heard = await question('GET', `/${key}`, { maxBytes: TEXT_BYTES, ...more });
    if (heard.status !== 404) return heard;
    if (vendorCodeOf(heard) === 'NoSuchBucket') throw faultOf(heard, `GET ${bucket}/${key}`);
    return undefined;
  };

  return {
    async get(key) {
      const heard = await read(key, { expects: [404] });
      return heard?.body.toString('utf8');
    },

    async getUnless(known, key) {
      const heard = await read(key, {
        headers: known === undefined ? {} : { 'if-none-match': writeEtag(known) },
        expects: [304, 404],
      });
      if (!heard) return undefined;
      if (heard.status === 304) return 'unchanged';
      return { text: heard.body.toString('utf8'), etag: readEtag(heard.headers.etag ?? '') };
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
