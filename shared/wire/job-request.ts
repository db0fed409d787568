import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { defined } from './defined.ts';
import { type JobCallback, jobCallbackEntries, readJobCallback } from './job-callback.ts';
import { type JobOperation, jobOperationEntries, readJobOperation } from './job-operation.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const MAX_LENGTH = 256 * 1024;
const MAX_OPERATIONS = 100;
const MAX_USER_DATA = 1024;
const MAX_LEVEL = 2;

/** The body of `POST /jobs`. */
export interface JobRequest {
  readonly input: JobInput;
  readonly queueId?: string;
  readonly queueType?: string;
  readonly callback: JobCallback;
  /** Mostly one. Each becomes a job of its own. */
  readonly operations: readonly RequestedOperation[];
}

/** A key in the bucket that was asked, or an address. Some kinds of job take neither. */
interface JobInput {
  readonly object?: string;
  readonly url?: string;
}

interface RequestedOperation extends JobOperation {
  readonly tag: string;
}

export function readJobRequest(body: Body): JobRequest {
  const root = readXml(body, { root: 'Request', maxLength: MAX_LENGTH });
  const tag = root.text('Tag')?.trim();
  const operations = root.children('Operation');
  if (operations.length === 0) throw refused('it has no Operation');
  if (operations.length > MAX_OPERATIONS) throw refused(`more than ${MAX_OPERATIONS} operations`);

  const input = root.child('Input');
  return defined({
    input: defined({
      object: input?.text('Object') || undefined,
      url: input?.text('Url') || undefined,
    }),
    queueId: root.text('QueueId') || undefined,
    queueType: root.text('QueueType') || undefined,
    callback: readJobCallback(root),
    operations: operations.map((operation) => readRequested(operation, tag)),
  });
}

/** One operation is named by the tag of the request; of several, each carries its own. */
export function writeJobRequest(request: JobRequest): string {
  const { operations } = request;
  for (const operation of operations) check(operation);
  const [only] = operations;
  const shared = operations.length === 1 ? only?.tag : undefined;
  return writeXml('Request', [
    ['Tag', shared],
    [
      'Input',
      [
        ['Object', request.input.object],
        ['Url', request.input.url],
      ],
    ],
    ...operations.map(
      (operation): XmlEntry => [
        'Operation',
        [
          ['Tag', shared === undefined ? operation.tag : undefined],
          ...jobOperationEntries(operation),
        ],
      ],
    ),
    ['QueueId', request.queueId],
    ['QueueType', request.queueType],
    ...jobCallbackEntries(request.callback),
  ]);
}

function readRequested(node: XmlNode, shared: string | undefined): RequestedOperation {
  const tag = node.text('Tag')?.trim() || shared;
  if (!tag) throw refused('it has no Tag');
  const operation = { tag, ...readJobOperation(node, ['Tag']) };
  if (node.text('JobLevel') && operation.jobLevel === undefined) {
    throw refused('its JobLevel is no number');
  }
  check(operation);
  return operation;
}

/** What the service asks of every job, whatever it does. */
function check({ output, userData = '', jobLevel = 0 }: RequestedOperation): void {
  if (output && [output.region, output.bucket, output.object].includes('')) {
    throw refused('its Output needs a Region, a Bucket and an Object');
  }
  if (userData.length > MAX_USER_DATA || !/^[\x20-\x7e]*$/.test(userData)) {
    throw refused(`its UserData is more than ${MAX_USER_DATA} printable ASCII characters`);
  }
  if (jobLevel > MAX_LEVEL) throw refused(`its JobLevel is above ${MAX_LEVEL}`);
}

function refused(why: string): Fault {
  return new Fault('PARAMETER_INVALID', `A job cannot be asked for like this: ${why}`);
}
