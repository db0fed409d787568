import { createHash } from 'node:crypto';
import { MEGABYTE, type Said, type Step } from './steps.ts';

/** What an answer comes to: its status, and what of it a client goes by. */
export interface Seen {
  readonly status: number;
  readonly code?: string | undefined;
  readonly [field: string]: unknown;
}

interface Kept extends Said {
  readonly body: Buffer;
  readonly etag: string;
  readonly appendable: boolean;
}

interface Upload {
  readonly key: string;
  readonly said: Said;
  readonly parts: Map<number, Buffer>;
  open: boolean;
}

/** The plainest thing that could be called an object store. */
export interface Model {
  readonly objects: Map<string, Kept>;
  readonly uploads: Upload[];
  /** Makes the bytes of every body different from those before. */
  serial: number;
}

export function newModel(): Model {
  return { objects: new Map(), uploads: [], serial: 0 };
}

export const md5 = (bytes: Buffer | string) => createHash('md5').update(bytes).digest('hex');

export function bytesOf(size: number, serial: number): Buffer {
  return Buffer.alloc(size, `${serial}. `);
}

const SILENT: Said = { type: 'application/octet-stream', owner: '', tag: '' };

/** Carries a step out on the model, and says what the engine has to answer. */
export function expected(model: Model, step: Step): Seen | undefined {
  const { objects } = model;
  switch (step.do) {
    case 'put': {
      const body = bytesOf(step.size, model.serial++);
      if (step.ifAbsent && objects.has(step.key)) return refused(409, 'FileAlreadyExists');
      return stored(model, step.key, { ...step.said, body, etag: md5(body), appendable: false });
    }
    case 'append': {
      const before = objects.get(step.key);
      const more = bytesOf(step.size, model.serial++);
      if (before && !before.appendable) return refused(409, 'ObjectNotAppendable');
      if (step.off > 0) return refused(409, 'AppendPositionErr');
      const body = Buffer.concat([before?.body ?? Buffer.alloc(0), more]);
      const said = before ?? SILENT;
      return stored(model, step.key, { ...said, body, etag: md5(body), appendable: true });
    }
    case 'get': {
      const kept = objects.get(step.key);
      if (!kept) return refused(404, 'NoSuchKey');
      const bytes = range(kept.body, step.range);
      if (!bytes) return refused(416, 'InvalidRange');
      const status = bytes === kept.body ? 200 : 206;
      return { ...described(kept), status, length: bytes.length, md5: md5(bytes) };
    }
    case 'head': {
      const kept = objects.get(step.key);
      if (!kept) return { status: 404 };
      if (step.ifMatches === false) return { status: 412 };
      return described(kept);
    }
    case 'delete':
      objects.delete(step.key);
      return { status: 204 };
    case 'delete-many':
      for (const key of step.keys) objects.delete(key);
      return { status: 200, deleted: step.quiet ? [] : step.keys };
    case 'copy':
      return copied(model, step);
    case 'tag':
    case 'untag': {
      const kept = objects.get(step.key);
      if (!kept) return refused(404, 'NoSuchKey');
      objects.set(step.key, { ...kept, tag: step.do === 'tag' ? step.tag : '' });
      return { status: step.do === 'tag' ? 200 : 204 };
    }
    case 'tags': {
      const kept = objects.get(step.key);
      if (!kept) return refused(404, 'NoSuchKey');
      return kept.tag === '' ? refused(404, 'NoSuchTagSet') : { status: 200, tags: [kept.tag] };
    }
    case 'begin':
      model.uploads.push({ key: step.key, said: step.said, parts: new Map(), open: true });
      return { status: 200 };
    case 'part': {
      const body = bytesOf(step.size, model.serial++);
      const upload = uploadAt(model, step.upload);
      if (!upload?.open) return upload && refused(404, 'NoSuchUpload');
      upload.parts.set(step.number, body);
      return { status: 200, etag: md5(body) };
    }
    case 'parts': {
      const upload = uploadAt(model, step.upload);
      if (!upload?.open) return upload && refused(404, 'NoSuchUpload');
      const parts = [...upload.parts].sort(([one], [other]) => one - other);
      return { status: 200, parts: parts.map(([number, body]) => `${number} ${md5(body)}`) };
    }
    case 'complete':
      return completed(model, step);
    case 'abort': {
      const upload = uploadAt(model, step.upload);
      if (!upload?.open) return upload && refused(404, 'NoSuchUpload');
      upload.open = false;
      return { status: 204 };
    }
    case 'uploads': {
      const open = model.uploads.filter((each) => each.open);
      return { status: 200, uploads: open.map(({ key }) => key).sort(byBytes) };
    }
    case 'list':
      return listed(model, step);
    case 'restart':
      return undefined;
  }
}

/** Nothing when no upload was begun yet. */
export function uploadAt({ uploads }: Model, number: number): Upload | undefined {
  return uploads[number % Math.max(1, uploads.length)];
}

function refused(status: number, code: string): Seen {
  return { status, code };
}

function stored({ objects }: Model, key: string, kept: Kept): Seen {
  objects.set(key, kept);
  return { status: 200, etag: kept.etag };
}

function described({ type, owner, tag, etag, body, appendable }: Kept): Seen {
  const tags = tag === '' ? undefined : '1';
  return { status: 200, type, owner, etag, tags, length: body.length, appendable };
}

/** Nothing when none of it is there; all of it when no sense can be made of what was asked. */
function range(body: Buffer, asked: readonly [number, number] | undefined): Buffer | undefined {
  if (!asked || asked[1] < asked[0]) return body;
  return asked[0] >= body.length ? undefined : body.subarray(asked[0], asked[1] + 1);
}

function copied(model: Model, { from, key, anew, ifAbsent }: Extract<Step, { do: 'copy' }>): Seen {
  const source = model.objects.get(from);
  if (!source) return refused(404, 'NoSuchKey');
  if (from === key && !anew) return refused(400, 'InvalidRequest');
  if (ifAbsent && model.objects.has(key)) return refused(409, 'FileAlreadyExists');
  return stored(model, key, { ...source, ...anew, appendable: false });
}

function completed(model: Model, step: Extract<Step, { do: 'complete' }>): Seen | undefined {
  const upload = uploadAt(model, step.upload);
  if (!upload?.open) return upload && refused(404, 'NoSuchUpload');
  const bodies: Buffer[] = [];
  let last = 0;
  for (const number of step.numbers) {
    if (number < last) return refused(400, 'InvalidPartOrder');
    const body = upload.parts.get(number);
    if (!body) return refused(400, 'InvalidPart');
    bodies.push(body);
    last = number;
  }
  if (bodies.slice(0, -1).some(({ length }) => length < MEGABYTE)) {
    return refused(400, 'EntityTooSmall');
  }
  upload.open = false;
  const sums = bodies.map((body) => Buffer.from(md5(body), 'hex'));
  const etag = `${md5(Buffer.concat(sums))}-${bodies.length}`;
  const body = Buffer.concat(bodies);
  return stored(model, upload.key, { ...upload.said, body, etag, appendable: false });
}

const byBytes = (one: string, other: string) =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

function listed({ objects }: Model, step: Extract<Step, { do: 'list' }>): Seen {
  const { prefix, delimiter, marker, max } = step;
  const all: string[] = [];
  for (const key of [...objects.keys()].sort(byBytes)) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const group = at === -1 ? undefined : key.slice(0, at + delimiter.length);
    if (byBytes(key, marker) <= 0 || group === marker) continue;
    const entry = group === undefined ? key : `${group} …`;
    if (all.at(-1) !== entry) all.push(entry);
  }
  const entries = all.slice(0, max);
  const next = all.length > max ? entries.at(-1)?.replace(/ …$/, '') : undefined;
  return { status: 200, entries: entries.sort(), next };
}
