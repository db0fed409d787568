import { Fault } from '../core/fault.ts';
import { type Callback, readCallback } from './callback.ts';
import { writeIsoSeconds } from './iso-time.ts';
import { type JsonObject, type JsonValue, jsonValue } from './json.ts';
import { isJsonObject } from './json-object.ts';

const MAX_MESSAGES = 1000;

/** What `Records` may hold a message in. */
const QUEUES = ['CMQ', 'Ckafka'];

/**
 * The callbacks that came through a message queue instead of by HTTP: CMQ hands them to a function
 * as records, TDMQ through EventBridge, one event or a list of them.
 */
export function readCallbackMessages(event: unknown): readonly Callback[] {
  return messagesIn(jsonValue(event)).map(readCallback);
}

/** A message as it is sent: what it holds and when, in milliseconds. */
export interface Message {
  readonly topic: string;
  readonly appid: number;
  readonly region: string;
  readonly id: string;
  readonly at: number;
  readonly body: string;
}

export function writeCmqEvent(messages: readonly Message[]): JsonObject {
  return {
    Records: messages.map(({ topic, appid, id, at, body }) => ({
      CMQ: {
        type: 'topic',
        topicOwner: appid,
        topicName: topic,
        subscriptionName: `${topic}-scf`,
        publishTime: writeIsoSeconds(at),
        msgId: id,
        requestId: id,
        msgBody: body,
        msgTag: '',
      },
    })),
  };
}

/** EventBridge wraps each message by itself. */
export function writeTdmqEvent({ topic, appid, region, id, at, body }: Message): JsonObject {
  return {
    specversion: '0',
    id,
    type: 'connector:tdmq',
    source: 'tdmq.cloud.tencent',
    subject: `qcs::tdmq:${region}:uin/${appid}:topicName/${topic}`,
    time: String(at),
    region,
    datacontenttype: 'application/json;charset=utf-8',
    data: {
      topic,
      tags: '',
      TopicType: '0',
      subscriptionName: `${topic}-scf`,
      toTimestamp: String(at),
      partitions: '0',
      msgId: id,
      msgBody: body,
    },
  };
}

function messagesIn(root: JsonValue): readonly string[] {
  const envelopes = envelopesIn(root);
  if (envelopes.length > MAX_MESSAGES) {
    throw new Fault('INPUT_TOO_LARGE', `An event has ${envelopes.length} messages`, {
      detail: { messages: envelopes.length, most: MAX_MESSAGES },
    });
  }
  return envelopes.map((envelope) => {
    const body = isJsonObject(envelope) ? envelope.msgBody : undefined;
    if (typeof body === 'string') return body;
    throw unreadable('a message has no body');
  });
}

function envelopesIn(root: JsonValue): readonly (JsonValue | undefined)[] {
  if (Array.isArray(root)) return root.map(inEvent);
  if (!isJsonObject(root)) throw unreadable('it is no object');
  return Array.isArray(root.Records) ? root.Records.map(inRecord) : [inEvent(root)];
}

function inRecord(record: JsonValue): JsonValue | undefined {
  const queue = isJsonObject(record)
    ? QUEUES.find((name) => isJsonObject(record[name]))
    : undefined;
  return isJsonObject(record) && queue !== undefined ? record[queue] : undefined;
}

function inEvent(event: JsonValue): JsonValue | undefined {
  return isJsonObject(event) ? event.data : undefined;
}

function unreadable(why: string): Fault {
  return new Fault('EVENT_UNREADABLE', `An event of a queue cannot be read: ${why}`);
}
