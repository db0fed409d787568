import { Fault } from '../core/fault.ts';
import { type ObjectRef, sameObject } from '../core/object-ref.ts';
import { defined } from './defined.ts';
import { type JsonObject, type JsonValue, jsonValue } from './json.ts';
import { isJsonObject, objectIn, textIn } from './json-object.ts';
import { type NamedObject, percentDecoded, readObjectUrl, writeObjectUrl } from './object-url.ts';
import { readRegion, writeRegionCode } from './region-code.ts';
import type { Upload } from './upload.ts';
import { wholeNumber } from './whole-number.ts';
import { readWorkflowEvent } from './workflow-event.ts';

const MAX_RECORDS = 1000;
const MAX_KEY = 16 * 1024;

/** `/<appid>/<bucket without appid>/<key>`; a key may begin just like that again. */
const PREFIXED_KEY = /^\/(\d{1,20})\/([^/]{1,60})\/(.+)$/s;

/**
 * The uploads an event tells of, all of them: COS may put several in one call. What was removed or
 * restored is none. The event of a workflow node is read as well.
 */
export function readUploads(event: unknown): readonly Upload[] {
  const root = jsonValue(event);
  if (!isJsonObject(root)) throw unreadable('it is no object');
  if (isJsonObject(root.ObjectInfo)) return [readWorkflowEvent(root)];

  const records = root.Records;
  if (!Array.isArray(records)) throw unreadable('it has neither Records nor an ObjectInfo');
  if (records.length > MAX_RECORDS) {
    throw new Fault('INPUT_TOO_LARGE', `An event has ${records.length} records`, {
      detail: { records: records.length, most: MAX_RECORDS },
    });
  }
  return records.flatMap(uploadsIn);
}

/** Something that happened to an object, for whoever plays COS. */
export interface CosOccurrence extends ObjectRef {
  readonly eventName: string;
  readonly size: number;
  /** In milliseconds. */
  readonly at: number;
  /** As stored with the object: the request id, `Content-Type`, `x-cos-meta-*`. */
  readonly meta: Readonly<Record<string, string>>;
  /** Whom the event is for, as `qcs:0:scf:<region>:appid/<appid>:<namespace>.<function>.<version>`. */
  readonly queue: string;
  readonly sourceIp: string;
  /** The real service passes on the signature of the upload; left out unless it is asked for. */
  readonly authorization?: string;
}

/** An event as it was captured, with three regions where the documentation has one. */
export function writeCosEvent(occurrences: readonly CosOccurrence[]): JsonObject {
  return { Records: occurrences.map(recordOf) };
}

function uploadsIn(record: JsonValue): readonly Upload[] {
  if (!isJsonObject(record)) throw unreadable('a record is no object');
  const happened = objectIn(record, 'event');
  const eventName = textIn(happened, 'eventName') ?? '';
  if (!eventName.startsWith('cos:')) throw unreadable('a record is no event of COS');
  if (!eventName.startsWith('cos:ObjectCreated:')) return [];

  const cos = objectIn(record, 'cos');
  const seconds = wholeNumber(textIn(happened, 'eventTime'));
  return [
    defined({
      ...objectOf(cos),
      eventName,
      size: wholeNumber(textIn(objectIn(cos, 'cosObject'), 'size')),
      at: seconds === undefined ? undefined : seconds * 1000,
    }),
  ];
}

/** Its address says what the object is; the key must say the same, and helps out where there is none. */
function objectOf(cos: JsonObject): ObjectRef {
  const url = textIn(objectIn(cos, 'cosObject'), 'url');
  const byUrl = url === undefined ? undefined : readObjectUrl(url);
  if (url !== undefined && !byUrl) {
    throw unreadable('the address of an object is none of COS', {
      detail: { url: url.slice(0, 200) },
      hint: 'Hosts like <bucket>.cos.<region>.myqcloud.com are read, <bucket>.cosgz.myqcloud.com is not.',
    });
  }
  const byKey = objectByKey(cos);
  if (byUrl && byKey && !agree(byUrl, byKey)) {
    throw unreadable('the address and the key of an object name different objects', {
      detail: { url, key: byKey.key, bucket: byKey.bucket },
    });
  }
  const named = byUrl ?? byKey;
  if (!named) throw unreadable('a record names no object');
  const region = named.region ?? regionIn(cos);
  if (region === undefined) {
    throw unreadable('a record names no region we know', {
      detail: { region: textIn(objectIn(cos, 'cosBucket'), 'region') },
    });
  }
  return { bucket: named.bucket, region, key: named.key };
}

function objectByKey(cos: JsonObject): NamedObject | undefined {
  const raw = textIn(objectIn(cos, 'cosObject'), 'key');
  if (raw === undefined) return undefined;
  const [, appid, name, key] = (raw.length <= MAX_KEY && PREFIXED_KEY.exec(raw)) || [];
  if (appid === undefined || name === undefined || key === undefined) {
    throw unreadable('a key does not start with an appid and a bucket', {
      detail: { key: raw.slice(0, 200) },
    });
  }
  const bucket = objectIn(cos, 'cosBucket');
  if ((textIn(bucket, 'appid') ?? appid) !== appid || (textIn(bucket, 'name') ?? name) !== name) {
    throw unreadable('a key starts with another bucket than the event is about', {
      detail: { key: raw },
    });
  }
  return { bucket: `${name}-${appid}`, key };
}

/** Whether both mean one object. How the key is encoded is not documented, so any way will do. */
function agree(byUrl: NamedObject, { bucket, key }: NamedObject): boolean {
  return [key, percentDecoded(key), percentDecoded(key.replaceAll('+', ' '))].some((read) =>
    sameObject(byUrl, { bucket, key: read }),
  );
}

/** Captures have three fields for it, and it is not certain which of them is the short one. */
function regionIn(cos: JsonObject): string | undefined {
  const bucket = objectIn(cos, 'cosBucket');
  for (const name of ['cosRegion', 's3Region', 'region']) {
    const region = readRegion(textIn(bucket, name) ?? '');
    if (region !== undefined) return region;
  }
  return undefined;
}

function recordOf(happened: CosOccurrence): JsonObject {
  const { bucket, region, key, authorization } = happened;
  const [, name = bucket, appid = ''] = /^(.+)-(\d+)$/.exec(bucket) ?? [];
  return {
    cos: {
      cosSchemaVersion: '1.0',
      cosObject: {
        url: writeObjectUrl(happened),
        meta: happened.meta,
        vid: '',
        key: `/${appid}/${name}/${key}`,
        size: happened.size,
      },
      cosBucket: {
        region: writeRegionCode(region),
        cosRegion: region,
        s3Region: region,
        name,
        appid,
      },
      cosNotificationId: 'unkown',
    },
    event: {
      eventName: happened.eventName,
      eventVersion: '1.0',
      eventTime: Math.floor(happened.at / 1000),
      eventSource: 'qcs::cos',
      requestParameters: {
        requestSourceIP: happened.sourceIp,
        requestHeaders: authorization === undefined ? {} : { Authorization: authorization },
      },
      eventQueue: happened.queue,
      reservedInfo: '',
      reqid: 0,
    },
  };
}

function unreadable(
  why: string,
  more: { detail?: Readonly<Record<string, unknown>>; hint?: string } = {},
): Fault {
  return new Fault('EVENT_UNREADABLE', `An event cannot be read: ${why}`, more);
}
