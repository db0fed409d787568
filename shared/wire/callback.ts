import { Fault } from '../core/fault.ts';
import { type Body, bodyText } from './body-text.ts';
import { jsonOfEntries } from './entries-json.ts';
import { readJobRecords } from './job-list.ts';
import { type JobRecord, jobRecordEntries } from './job-record.ts';
import { jsonNode, readJson } from './json.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const MAX_LENGTH = 1024 * 1024;

/** What is a list in JSON even when there is only one of it. */
const LISTS: ReadonlySet<string> = new Set([
  'Response/JobsDetail',
  'OutputFile/ObjectName',
  'OutputFile/Md5Info',
  'SpriteOutputFile/ObjectName',
  'SpriteOutputFile/Md5Info',
  'Stream/Video',
  'Stream/Audio',
  'Stream/Subtitle',
  'Input/CosHeaders',
]);

/** What Cloud Infinite posts when jobs have ended. Anyone could post it: only the ids are of use. */
export interface Callback {
  /** `TaskFinish`, or `WorkflowFinish` without a job. */
  readonly eventName: string;
  readonly jobs: readonly JobRecord[];
}

/** XML or JSON is told by the first character, because the sender's Content-Type is not to be relied on. */
export function readCallback(body: Body): Callback {
  const text = bodyText(body, MAX_LENGTH, 'CALLBACK_UNREADABLE').trimStart();
  try {
    return callbackIn(rootOf(text));
  } catch (thrown) {
    throw unreadableOr(thrown);
  }
}

export function writeCallback(callback: Callback, format: 'XML' | 'JSON'): string {
  const content: readonly XmlEntry[] = [
    ['EventName', callback.eventName],
    ...callback.jobs.map((job): XmlEntry => ['JobsDetail', jobRecordEntries(job)]),
  ];
  return format === 'XML'
    ? writeXml('Response', content)
    : jsonOfEntries('Response', content, LISTS);
}

function rootOf(text: string): XmlNode {
  if (text.startsWith('<')) return readXml(text, { root: 'Response' });
  if (text.startsWith('{')) return jsonNode('Response', readJson(text));
  throw new Fault('CALLBACK_UNREADABLE', 'A callback is neither XML nor JSON', {
    detail: { start: text.slice(0, 20) },
  });
}

function callbackIn(root: XmlNode): Callback {
  const jobs = readJobRecords(root);
  const eventName = root.text('EventName') ?? '';
  if (jobs.length === 0 && eventName === '') {
    throw new Fault('CALLBACK_UNREADABLE', 'A callback names neither an event nor a job');
  }
  return { eventName, jobs };
}

/** Too large stays too large; whatever else is wrong with the text is wrong with the callback. */
function unreadableOr(thrown: unknown): unknown {
  if (!(thrown instanceof Fault)) return thrown;
  if (thrown.code !== 'XML_UNREADABLE' && thrown.code !== 'JSON_UNREADABLE') return thrown;
  return new Fault('CALLBACK_UNREADABLE', thrown.message, {
    detail: thrown.detail,
    cause: thrown,
  });
}
