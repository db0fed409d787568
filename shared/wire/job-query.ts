import { Fault } from '../core/fault.ts';
import { readCiTime, writeCiTime } from './ci-time.ts';
import { defined } from './defined.ts';
import { isWireJobState, type WireJobState } from './job-record.ts';
import type { QueryParameter } from './percent.ts';

const MAX_IDS = 10;
const MAX_SIZE = 100;
const USUAL_SIZE = 10;
const MAX_VALUE = 2048;

/** What `GET /jobs` may ask for. */
export interface JobQuery {
  readonly tag: string;
  readonly queueId?: string;
  readonly workflowId?: string;
  readonly inventoryTriggerJobId?: string;
  /** One key, exactly. */
  readonly inputObject?: string;
  readonly newestFirst: boolean;
  readonly nextToken?: string;
  readonly size: number;
  /** Missing: all of them. */
  readonly states?: readonly WireJobState[];
  readonly createdFrom?: number;
  readonly createdUntil?: number;
}

/** What is empty counts as absent, and what is not for us is left alone. */
export function readJobQuery(query: readonly QueryParameter[]): JobQuery {
  const given = new Map(
    query.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
  );
  for (const [name, value] of given) {
    if (value.length > MAX_VALUE) throw refused(name.slice(0, 40), 'is too long');
  }
  const tag = given.get('tag');
  if (tag === undefined) throw refused('tag', 'is missing');
  return defined({
    tag,
    queueId: given.get('queueId'),
    workflowId: given.get('workflowId'),
    inventoryTriggerJobId: given.get('inventoryTriggerJobId'),
    inputObject: given.get('inputObject'),
    newestFirst: newestFirst(given.get('orderByTime')),
    nextToken: given.get('nextToken'),
    size: sizeIn(given.get('size')),
    states: statesIn(given.get('states')),
    createdFrom: timeIn(given.get('startCreationTime')),
    createdUntil: timeIn(given.get('endCreationTime')),
  });
}

export function writeJobQuery(query: JobQuery): readonly QueryParameter[] {
  const { createdFrom, createdUntil } = query;
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['tag', query.tag],
    ['queueId', query.queueId],
    ['workflowId', query.workflowId],
    ['inventoryTriggerJobId', query.inventoryTriggerJobId],
    ['inputObject', query.inputObject],
    ['orderByTime', query.newestFirst ? 'Desc' : 'Asc'],
    ['nextToken', query.nextToken],
    ['size', String(query.size)],
    ['states', query.states?.join(',') ?? 'All'],
    ['startCreationTime', createdFrom === undefined ? undefined : writeCiTime(createdFrom)],
    ['endCreationTime', createdUntil === undefined ? undefined : writeCiTime(createdUntil)],
  ];
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** The ids in `/jobs/<id>,<id>`: up to ten. */
export function readJobIds(text: string): readonly string[] {
  const ids = text.split(',', MAX_IDS + 1);
  if (ids.length > MAX_IDS) throw refused('jobId', `names more than ${MAX_IDS} jobs`);
  for (const id of ids) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw refused('jobId', 'is not the id of a job');
  }
  return ids;
}

function newestFirst(order: string | undefined): boolean {
  if (order !== undefined && order !== 'Desc' && order !== 'Asc') {
    throw refused('orderByTime', 'is Desc or Asc');
  }
  return order !== 'Asc';
}

function sizeIn(text: string | undefined): number {
  if (text === undefined) return USUAL_SIZE;
  const size = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > MAX_SIZE) throw refused('size', `is a number from 1 to ${MAX_SIZE}`);
  return size;
}

function statesIn(text: string | undefined): readonly WireJobState[] | undefined {
  if (text === undefined) return undefined;
  const states = text.split(',').map((state) => state.trim());
  if (states.includes('All')) return undefined;
  return states.map((state) => {
    if (!isWireJobState(state)) throw refused('states', 'holds a state no job has');
    return state;
  });
}

/** The `+` of the offset is a space when whoever sent it did not encode it. */
function timeIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readCiTime(text.replace(' ', '+'));
}

function refused(name: string, why: string): Fault {
  return new Fault('PARAMETER_INVALID', `Jobs cannot be listed like this: ${name} ${why}`);
}
