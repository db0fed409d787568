import { defined } from './defined.ts';
import { type JobFields, readJobFields } from './job-fields.ts';
import { wholeNumber } from './whole-number.ts';
import type { XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

/** What every job can be told, whatever it does. */
const COMMON = ['TemplateId', 'TemplateName', 'Output', 'UserData', 'JobLevel'];

/** What a job does and where it writes: the same when it is asked for and when it is reported. */
export interface JobOperation {
  /** What only this kind of job has, as it was sent: mostly one container called like its tag. */
  readonly parameters: JobFields;
  readonly templateId?: string;
  readonly templateName?: string;
  readonly output?: JobOutput;
  readonly userData?: string;
  readonly jobLevel?: number;
}

export interface JobOutput {
  readonly region: string;
  readonly bucket: string;
  readonly object: string;
}

/** `reserved` names elements that belong to somebody else and are no parameters. */
export function readJobOperation(node: XmlNode, reserved: readonly string[]): JobOperation {
  return defined({
    parameters: readJobFields(
      node.elements.filter(({ name }) => !COMMON.includes(name) && !reserved.includes(name)),
    ),
    templateId: node.text('TemplateId') || undefined,
    templateName: node.text('TemplateName') || undefined,
    output: readJobOutput(node),
    userData: node.text('UserData') || undefined,
    jobLevel: wholeNumber(node.text('JobLevel')),
  });
}

export function jobOperationEntries(operation: JobOperation): readonly XmlEntry[] {
  return [
    ['TemplateId', operation.templateId],
    ['TemplateName', operation.templateName],
    ...operation.parameters,
    jobOutputEntry(operation.output),
    ['UserData', operation.userData],
    ['JobLevel', operation.jobLevel],
  ];
}

/** Where the operation inside this element writes; an empty `Output` says nothing. */
export function readJobOutput(operation: XmlNode): JobOutput | undefined {
  const output = operation.child('Output');
  if (!output || output.elements.length === 0) return undefined;
  return {
    region: output.text('Region') ?? '',
    bucket: output.text('Bucket') ?? '',
    object: output.text('Object') ?? '',
  };
}

export function jobOutputEntry(output: JobOutput | undefined): XmlEntry {
  return [
    'Output',
    output && [
      ['Region', output.region],
      ['Bucket', output.bucket],
      ['Object', output.object],
    ],
  ];
}
