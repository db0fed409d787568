import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { readCiTimeIfSet, writeCiTime } from './ci-time.ts';
import { defined } from './defined.ts';
import { readIds } from './job-list.ts';
import { wholeNumber } from './whole-number.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const MAX_QUEUES = 1000;
const MAX_NAME = 128;
const MAX_LENGTH = 1024 * 1024;

/** Where jobs of one category wait. */
export interface JobQueue {
  readonly queueId: string;
  readonly name: string;
  /** `Active` or `Paused`; while it is paused its waiting jobs are, too. */
  readonly state: string;
  readonly notify: QueueNotification;
  readonly maxSize?: number;
  readonly maxConcurrent?: number;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly bucketId?: string;
  /** `AIProcess` for the queue of recognition and video matting. */
  readonly category?: string;
}

/** Whom the queue tells about its jobs, unless a job says otherwise. All of it as on the wire. */
interface QueueNotification {
  /** `On` or `Off`. */
  readonly state?: string;
  readonly url?: string;
  readonly type?: string;
  readonly event?: string;
  readonly resultFormat?: string;
  readonly mqMode?: string;
  readonly mqRegion?: string;
  readonly mqName?: string;
}

/** What `GET /queue` answers. */
export interface QueueList {
  readonly requestId: string;
  readonly totalCount: number;
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly queues: readonly JobQueue[];
  readonly nonExistIds: readonly string[];
}

/** What `PUT /queue/<id>` is told. */
export interface QueueUpdate {
  readonly name: string;
  readonly state: 'Active' | 'Paused';
  readonly notify: QueueNotification;
}

export function readQueueList(body: Body): QueueList {
  const root = readXml(body, { root: 'Response', maxLength: MAX_LENGTH });
  const queues = root.children('QueueList').filter(({ elements }) => elements.length > 0);
  if (queues.length > MAX_QUEUES) {
    throw new Fault('INPUT_TOO_LARGE', `An answer lists ${queues.length} queues`);
  }
  return {
    requestId: root.text('RequestId') ?? '',
    totalCount: wholeNumber(root.text('TotalCount')) ?? queues.length,
    pageNumber: wholeNumber(root.text('PageNumber')) ?? 1,
    pageSize: wholeNumber(root.text('PageSize')) ?? queues.length,
    queues: queues.map(readQueue),
    nonExistIds: readIds(root, 'NonExistPIDs'),
  };
}

export function writeQueueList(list: QueueList): string {
  return writeXml('Response', [
    ['RequestId', list.requestId],
    ['TotalCount', list.totalCount],
    ['PageNumber', list.pageNumber],
    ['PageSize', list.pageSize],
    ...list.queues.map((queue): XmlEntry => ['QueueList', queueEntries(queue)]),
    ...list.nonExistIds.map((id): XmlEntry => ['NonExistPIDs', id]),
  ]);
}

export function readQueueUpdate(body: Body): QueueUpdate {
  const root = readXml(body, { root: 'Request', maxLength: MAX_LENGTH });
  const name = root.text('Name')?.trim() ?? '';
  if (name === '' || name.length > MAX_NAME) {
    throw refused(`its Name has 1 to ${MAX_NAME} characters`);
  }
  const state = root.text('State')?.trim();
  if (state !== 'Active' && state !== 'Paused') throw refused('its State is Active or Paused');
  return { name, state, notify: readNotification(root.child('NotifyConfig')) };
}

export function writeQueueUpdate({ name, state, notify }: QueueUpdate): string {
  return writeXml('Request', [
    ['Name', name],
    ['State', state],
    ['NotifyConfig', notificationEntries(notify)],
  ]);
}

/** The answer to an update: the queue as it is now. */
export function readUpdatedQueue(body: Body): JobQueue {
  const queue = readXml(body, { root: 'Response', maxLength: MAX_LENGTH }).child('Queue');
  if (!queue) throw new Fault('XML_UNREADABLE', 'An answer about a queue has no <Queue>');
  return readQueue(queue);
}

export function writeUpdatedQueue(requestId: string, queue: JobQueue): string {
  return writeXml('Response', [
    ['RequestId', requestId],
    ['Queue', queueEntries(queue)],
  ]);
}

function readQueue(node: XmlNode): JobQueue {
  return defined({
    queueId: node.required('QueueId').trim(),
    name: node.text('Name') ?? '',
    state: node.text('State') ?? '',
    notify: readNotification(node.child('NotifyConfig')),
    maxSize: wholeNumber(node.text('MaxSize')),
    maxConcurrent: wholeNumber(node.text('MaxConcurrent')),
    createdAt: readCiTimeIfSet(node.text('CreateTime')),
    updatedAt: readCiTimeIfSet(node.text('UpdateTime')),
    bucketId: node.text('BucketId') || undefined,
    category: node.text('Category') || undefined,
  });
}

function queueEntries(queue: JobQueue): readonly XmlEntry[] {
  const { createdAt, updatedAt } = queue;
  return [
    ['QueueId', queue.queueId],
    ['Name', queue.name],
    ['State', queue.state],
    ['NotifyConfig', notificationEntries(queue.notify)],
    ['MaxSize', queue.maxSize],
    ['MaxConcurrent', queue.maxConcurrent],
    ['CreateTime', createdAt === undefined ? undefined : writeCiTime(createdAt)],
    ['UpdateTime', updatedAt === undefined ? undefined : writeCiTime(updatedAt)],
    ['BucketId', queue.bucketId],
    ['Category', queue.category],
  ];
}

function readNotification(node: XmlNode | undefined): QueueNotification {
  if (!node) return {};
  return defined({
    state: node.text('State') || undefined,
    url: node.text('Url') || undefined,
    type: node.text('Type') || undefined,
    event: node.text('Event') || undefined,
    resultFormat: node.text('ResultFormat') || undefined,
    mqMode: node.text('MqMode') || undefined,
    mqRegion: node.text('MqRegion') || undefined,
    mqName: node.text('MqName') || undefined,
  });
}

function notificationEntries(notify: QueueNotification): readonly XmlEntry[] {
  return [
    ['Url', notify.url],
    ['State', notify.state],
    ['Type', notify.type],
    ['Event', notify.event],
    ['ResultFormat', notify.resultFormat],
    ['MqMode', notify.mqMode],
    ['MqRegion', notify.mqRegion],
    ['MqName', notify.mqName],
  ];
}

function refused(why: string): Fault {
  return new Fault('PARAMETER_INVALID', `A queue cannot be changed like this: ${why}`);
}
