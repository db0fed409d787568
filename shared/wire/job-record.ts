import { Fault } from '../core/fault.ts';
import { readCiTimeIfSet, writeCiTimeIfSet } from './ci-time.ts';
import { defined } from './defined.ts';
import { type JobOperation, jobOperationEntries, readJobOperation } from './job-operation.ts';
import {
  type MediaInfo,
  type MediaResult,
  mediaInfoEntries,
  mediaResultEntries,
  readMediaInfo,
  readMediaResult,
} from './media-info.ts';
import {
  type PicProcessResult,
  picProcessResultEntries,
  readPicProcessResult,
} from './pic-process.ts';
import { wholeNumber } from './whole-number.ts';
import type { XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const STATES = ['Submitted', 'Running', 'Success', 'Failed', 'Pause', 'Cancel'] as const;
const RESULTS = ['MediaInfo', 'MediaResult', 'PicProcessResult'];

export type WireJobState = (typeof STATES)[number];

/**
 * One `JobsDetail`: what the service tells about a job. Only its id is certain to be there when it
 * is read, so that no odd field hides a job that was paid for.
 */
export interface JobRecord {
  readonly jobId: string;
  /** One of ours when `isWireJobState` says so. */
  readonly state: string;
  readonly tag: string;
  readonly subTag?: string;
  /** `Success` while all is well, in every state; says something only when the job failed. */
  readonly code: string;
  readonly message: string;
  readonly progress?: number;
  /** In milliseconds, as the other times; on the wire a time to come is `-`. */
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly queueId?: string;
  readonly input: RecordedInput;
  readonly operation: RecordedOperation;
  readonly workflow?: RecordedWorkflow;
}

interface RecordedInput {
  readonly bucketId?: string;
  readonly object?: string;
  readonly region?: string;
  readonly url?: string;
  /** Of the upload that triggered the job, when one did. */
  readonly cosHeaders?: readonly { readonly key: string; readonly value: string }[];
}

interface RecordedOperation extends JobOperation {
  readonly mediaInfo?: MediaInfo;
  readonly mediaResult?: MediaResult;
  readonly picProcessResult?: PicProcessResult;
}

interface RecordedWorkflow {
  readonly name?: string;
  readonly runId?: string;
  readonly workflowId?: string;
  readonly workflowName?: string;
}

export function isWireJobState(state: string): state is WireJobState {
  return STATES.some((known) => known === state);
}

export function readJobRecord(node: XmlNode): JobRecord {
  const jobId = node.required('JobId').trim();
  if (jobId === '') throw new Fault('XML_UNREADABLE', 'A job has an empty JobId');
  const workflow = node.child('Workflow');
  return defined({
    jobId,
    state: node.text('State') ?? '',
    tag: node.text('Tag') ?? '',
    subTag: node.text('SubTag') || undefined,
    code: node.text('Code') ?? '',
    message: node.text('Message') ?? '',
    progress: wholeNumber(node.text('Progress')),
    createdAt: readCiTimeIfSet(node.text('CreationTime')),
    startedAt: readCiTimeIfSet(node.text('StartTime')),
    endedAt: readCiTimeIfSet(node.text('EndTime')),
    queueId: node.text('QueueId') || undefined,
    input: readInput(node.child('Input')),
    operation: readOperation(node.child('Operation')),
    workflow: workflow && workflow.elements.length > 0 ? readWorkflow(workflow) : undefined,
  });
}

export function jobRecordEntries(record: JobRecord): readonly XmlEntry[] {
  const { operation, workflow } = record;
  return [
    ['Code', record.code],
    ['Message', record.message],
    ['JobId', record.jobId],
    ['State', record.state],
    ['Progress', record.progress],
    ['CreationTime', writeCiTimeIfSet(record.createdAt)],
    ['StartTime', writeCiTimeIfSet(record.startedAt)],
    ['EndTime', writeCiTimeIfSet(record.endedAt)],
    ['QueueId', record.queueId],
    ['Tag', record.tag],
    ['SubTag', record.subTag],
    ['Input', inputEntries(record.input)],
    [
      'Operation',
      [
        ...jobOperationEntries(operation),
        ['MediaInfo', operation.mediaInfo && mediaInfoEntries(operation.mediaInfo)],
        ['MediaResult', operation.mediaResult && mediaResultEntries(operation.mediaResult)],
        [
          'PicProcessResult',
          operation.picProcessResult && picProcessResultEntries(operation.picProcessResult),
        ],
      ],
    ],
    [
      'Workflow',
      workflow && [
        ['Name', workflow.name],
        ['RunId', workflow.runId],
        ['WorkflowId', workflow.workflowId],
        ['WorkflowName', workflow.workflowName],
      ],
    ],
  ];
}

function readInput(node: XmlNode | undefined): RecordedInput {
  if (!node) return {};
  const headers = node.children('CosHeaders').filter(({ elements }) => elements.length > 0);
  return defined({
    bucketId: node.text('BucketId') || undefined,
    object: node.text('Object') || undefined,
    region: node.text('Region') || undefined,
    url: node.text('Url') || undefined,
    cosHeaders:
      headers.length === 0
        ? undefined
        : headers.map((header) => ({
            key: header.text('Key') ?? '',
            value: header.text('Value') ?? '',
          })),
  });
}

function inputEntries(input: RecordedInput): readonly XmlEntry[] {
  return [
    ['BucketId', input.bucketId],
    ['Object', input.object],
    ['Region', input.region],
    ['Url', input.url],
    ...(input.cosHeaders ?? []).map(
      ({ key, value }): XmlEntry => [
        'CosHeaders',
        [
          ['Key', key],
          ['Value', value],
        ],
      ],
    ),
  ];
}

function readOperation(node: XmlNode | undefined): RecordedOperation {
  if (!node) return { parameters: [] };
  const mediaInfo = node.child('MediaInfo');
  const mediaResult = node.child('MediaResult');
  const picture = node.child('PicProcessResult');
  return defined({
    ...readJobOperation(node, RESULTS),
    mediaInfo: mediaInfo && mediaInfo.elements.length > 0 ? readMediaInfo(mediaInfo) : undefined,
    mediaResult: mediaResult && readMediaResult(mediaResult),
    picProcessResult:
      picture && picture.elements.length > 0 ? readPicProcessResult(picture) : undefined,
  });
}

function readWorkflow(node: XmlNode): RecordedWorkflow {
  return defined({
    name: node.text('Name'),
    runId: node.text('RunId'),
    workflowId: node.text('WorkflowId'),
    workflowName: node.text('WorkflowName'),
  });
}
