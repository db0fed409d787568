import { Fault } from '../core/fault.ts';
import type { Body } from './body-text.ts';
import { readCiTime, writeCiTime } from './ci-time.ts';
import { defined } from './defined.ts';
import { type JobCallback, jobCallbackEntries, readJobCallback } from './job-callback.ts';
import { type JobFields, readJobFields } from './job-fields.ts';
import { type JobOutput, jobOutputEntry, readJobOutput } from './job-operation.ts';
import { wholeNumber } from './whole-number.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const MAX_LENGTH = 256 * 1024;

const INPUTS = ['Manifest', 'UrlFile', 'Prefix', 'Object'] as const;

/** The body of `POST /inventorytriggerjob`: one job, or one workflow, for each of many objects. */
export interface BatchJobRequest {
  readonly name: string;
  readonly type: 'Job' | 'Workflow';
  readonly input: BatchJobInput;
  readonly operation: BatchJobOperation;
}

/** Which objects: those of an inventory, of a file of addresses, all under a prefix, or one. */
export interface BatchJobInput {
  readonly by: (typeof INPUTS)[number];
  readonly value: string;
}

export interface BatchJobOperation {
  /** What kind of jobs to make; there when the type is `Job`. */
  readonly tag?: string;
  /** What they are told: a `TemplateId`, or the parameters themselves. */
  readonly parameters: JobFields;
  /** What to run instead; there when the type is `Workflow`. */
  readonly workflowIds?: string;
  readonly queueId?: string;
  /** The key may hold `${InventoryTriggerJobId}`. */
  readonly output?: JobOutput;
  /** Only objects uploaded from and until then, in milliseconds. */
  readonly uploadedFrom?: number;
  readonly uploadedUntil?: number;
  readonly userData?: string;
  readonly jobLevel?: number;
  readonly callback: JobCallback;
}

export function readBatchJobRequest(body: Body): BatchJobRequest {
  const root = readXml(body, { root: 'Request', maxLength: MAX_LENGTH });
  const name = root.text('Name')?.trim() ?? '';
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) {
    throw refused('its Name is 1 to 128 letters, digits, hyphens and underscores');
  }
  const type = root.text('Type')?.trim();
  if (type !== 'Job' && type !== 'Workflow') throw refused('its Type is Job or Workflow');
  const input = readBatchJobInput(root.child('Input'));
  if (!input) throw refused(`its Input is one of ${INPUTS.join(', ')}`);
  const operation = readBatchJobOperation(root.child('Operation'));
  const needed = type === 'Job' ? operation.tag : operation.workflowIds;
  if (needed === undefined) throw refused('its Operation has no Tag, or no WorkflowIds');
  return { name, type, input, operation };
}

export function writeBatchJobRequest({ name, type, input, operation }: BatchJobRequest): string {
  return writeXml('Request', [
    ['Name', name],
    ['Type', type],
    ['Input', batchJobInputEntries(input)],
    ['Operation', batchJobOperationEntries(operation)],
  ]);
}

/** Nothing when none of the four is there, or several of them. */
export function readBatchJobInput(node: XmlNode | undefined): BatchJobInput | undefined {
  const given = INPUTS.map((by) => ({ by, value: node?.text(by) ?? '' })).filter(
    ({ value }) => value !== '',
  );
  return given.length === 1 ? given[0] : undefined;
}

export function batchJobInputEntries({ by, value }: BatchJobInput): readonly XmlEntry[] {
  return [[by, value]];
}

export function readBatchJobOperation(node: XmlNode | undefined): BatchJobOperation {
  if (!node) return { parameters: [], callback: {} };
  const interval = node.child('TimeInterval');
  return defined({
    tag: node.text('Tag')?.trim() || undefined,
    parameters: readJobFields(node.child('JobParam')?.elements ?? []),
    workflowIds: node.text('WorkflowIds')?.trim() || undefined,
    queueId: node.text('QueueId') || undefined,
    output: readJobOutput(node),
    uploadedFrom: timeIn(interval, 'Start'),
    uploadedUntil: timeIn(interval, 'End'),
    userData: node.text('UserData') || undefined,
    jobLevel: wholeNumber(node.text('JobLevel')),
    callback: readJobCallback(node),
  });
}

export function batchJobOperationEntries(operation: BatchJobOperation): readonly XmlEntry[] {
  const { parameters, uploadedFrom, uploadedUntil } = operation;
  const everything = uploadedFrom === undefined && uploadedUntil === undefined;
  return [
    ['Tag', operation.tag],
    ['JobParam', parameters.length === 0 ? undefined : parameters],
    ['WorkflowIds', operation.workflowIds],
    ['QueueId', operation.queueId],
    jobOutputEntry(operation.output),
    [
      'TimeInterval',
      everything
        ? undefined
        : [
            ['Start', uploadedFrom === undefined ? undefined : writeCiTime(uploadedFrom)],
            ['End', uploadedUntil === undefined ? undefined : writeCiTime(uploadedUntil)],
          ],
    ],
    ['UserData', operation.userData],
    ['JobLevel', operation.jobLevel],
    ...jobCallbackEntries(operation.callback),
  ];
}

/** A garbled time is refused: without it every object of the bucket would be processed. */
function timeIn(interval: XmlNode | undefined, name: string): number | undefined {
  const text = interval?.text(name)?.trim() ?? '';
  return text === '' ? undefined : readCiTime(text);
}

function refused(why: string): Fault {
  return new Fault('PARAMETER_INVALID', `A batch job cannot be asked for like this: ${why}`);
}
