import { createHash } from 'node:crypto';
import { type CosClient, type Reply, textsIn } from '../model/cos-client.ts';

/** What is at a key, as far as a client can tell. */
export interface Content {
  readonly md5: string;
  /** The value of its one tag, if it has one. */
  readonly tag: string | undefined;
}

/** What is known of a key: what was acknowledged last, and what was asked for since. */
interface Known {
  acknowledged: Content | undefined;
  /** The outcome of a request that was never answered; either this holds or the other. */
  pending: { readonly content: Content | undefined } | undefined;
  /** How many requests would have changed it. */
  changes: number;
}

/** An upload that was never completed, and its parts that were acknowledged. */
interface OpenUpload {
  readonly key: string;
  readonly id: string;
  readonly parts: Map<number, string>;
}

/** What a client was told while it worked, however it ended. */
export interface Memory {
  readonly keys: Map<string, Known>;
  readonly uploads: Map<string, OpenUpload>;
  /** The ids of all acknowledged requests that an event must tell of. */
  readonly changed: Set<string>;
}

export function newMemory(): Memory {
  return { keys: new Map(), uploads: new Map(), changed: new Set() };
}

function knownAt({ keys }: Memory, key: string): Known {
  const known = keys.get(key) ?? { acknowledged: undefined, pending: undefined, changes: 0 };
  keys.set(key, known);
  return known;
}

export const md5Of = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

let serial = 0;

/** Bytes that no other body has in any place. */
function newBytes(size: number): Buffer {
  return Buffer.alloc(size, `${process.pid} ${serial++} ${Math.random()} `);
}

const PART_BYTES = 1024 * 1024;
const SIZES = [0, 10, 5_000, 140_000, 400_000, 1_500_000];

/** Does one thing after the other to keys of its own, until it can no longer be done. */
export async function load(cos: CosClient, memory: Memory, worker: number): Promise<void> {
  for (;;) {
    const act = pick(ACTS);
    await act(cos, memory, worker);
  }
}

type Act = (cos: CosClient, memory: Memory, worker: number) => Promise<void>;

const ACTS: readonly Act[] = [put, put, put, remove, tag, copy, append, multipart];

const pick = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)] as T;
const keyOf = (worker: number) => `load/${worker}/${pick([1, 2, 3, 4, 5])}.jpg`;

/** Carries out a change whose outcome is unknown until it is answered. */
async function change(
  memory: Memory,
  key: string,
  content: Content | undefined,
  ask: () => Promise<Reply>,
): Promise<void> {
  const known = knownAt(memory, key);
  known.pending = { content };
  known.changes += 1;
  const reply = mustBe(await ask());
  known.acknowledged = content;
  known.pending = undefined;
  memory.changed.add(String(reply.headers['x-cos-request-id']));
}

function mustBe(reply: Reply): Reply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  throw new Error(`${reply.status}: ${reply.body.toString()}`);
}

async function put(cos: CosClient, memory: Memory, worker: number): Promise<void> {
  const body = newBytes(pick(SIZES));
  const key = keyOf(worker);
  await change(memory, key, { md5: md5Of(body), tag: undefined }, () => cos('PUT', key, { body }));
}

async function remove(cos: CosClient, memory: Memory, worker: number): Promise<void> {
  const key = keyOf(worker);
  if (!knownAt(memory, key).acknowledged) return;
  await change(memory, key, undefined, () => cos('DELETE', key));
}

/** No event tells of tags, so this is not counted as a change. */
async function tag(cos: CosClient, memory: Memory, worker: number): Promise<void> {
  const key = keyOf(worker);
  const known = knownAt(memory, key);
  if (!known.acknowledged) return;
  const value = `t${serial++}`;
  const content = { ...known.acknowledged, tag: value };
  known.pending = { content };
  const tags = `<Tagging><TagSet><Tag><Key>a</Key><Value>${value}</Value></Tag></TagSet></Tagging>`;
  mustBe(await cos('PUT', key, { query: { tagging: '' }, body: tags }));
  known.acknowledged = content;
  known.pending = undefined;
}

async function copy(cos: CosClient, memory: Memory, worker: number): Promise<void> {
  const from = keyOf(worker);
  const key = `load/${worker}/copy-${pick([1, 2])}.jpg`;
  const content = knownAt(memory, from).acknowledged;
  if (!content) return;
  const headers = { 'x-cos-copy-source': `${BUCKET}.cos.ap-guangzhou.myqcloud.com/${from}` };
  await change(memory, key, content, () => cos('PUT', key, { headers }));
}

async function append(cos: CosClient, memory: Memory, worker: number): Promise<void> {
  const key = `load/${worker}/log.txt`;
  const before = knownAt(memory, key).acknowledged ? (await cos('GET', key)).body : Buffer.alloc(0);
  const body = newBytes(pick([10, 70_000, 300_000]));
  const content = { md5: md5Of(Buffer.concat([before, body])), tag: undefined };
  const query = { append: '', position: String(before.length) };
  await change(memory, key, content, () => cos('POST', key, { query, body }));
}

async function multipart(cos: CosClient, memory: Memory, worker: number): Promise<void> {
  const key = `load/${worker}/large.mp4`;
  const begun = mustBe(await cos('POST', key, { query: { uploads: '' } }));
  const [id = ''] = textsIn(begun, 'UploadId');
  const upload: OpenUpload = { key, id, parts: new Map() };
  memory.uploads.set(id, upload);
  const bodies = [newBytes(PART_BYTES), newBytes(PART_BYTES), newBytes(1000)];
  for (const [index, body] of bodies.entries()) {
    const query = { partNumber: String(index + 1), uploadId: id };
    const { headers } = mustBe(await cos('PUT', key, { query, body }));
    upload.parts.set(index + 1, String(headers['etag']));
  }
  const parts = [...upload.parts].map(
    ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
  const content = { md5: md5Of(Buffer.concat(bodies)), tag: undefined };
  await change(memory, key, content, () => cos('POST', key, { query: { uploadId: id }, body }));
  memory.uploads.delete(id);
}

export const BUCKET = 'load-1250000000';
