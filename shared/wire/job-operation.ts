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
  const output = node.child('Output');
  return defined({
    parameters: readJobFields(
      node.elements.filter(({ name }) => !COMMON.includes(name) && !reserved.includes(name)),
    ),
    templateId: node.text('TemplateId') || undefined,
    templateName: node.text('TemplateName') || undefined,
    output: output && output.elements.length > 0 ? readOutput(output) : undefined,
    userData: node.text('UserData') || undefined,
    jobLevel: wholeNumber(node.text('JobLevel')),
  });
}

export function jobOperationEntries(operation: JobOperation): readonly XmlEntry[] {
  const { output } = operation;
  return [
    ['TemplateId', operation.templateId],
    ['TemplateName', operation.templateName],
    ...operation.parameters,
    [
      'Output',
      output && [
        ['Region', output.region],
        ['Bucket', output.bucket],
        ['Object', output.object],
      ],
    ],
    ['UserData', operation.userData],
    ['JobLevel', operation.jobLevel],
  ];
}

function readOutput(node: XmlNode): JobOutput {
  return {
    region: node.text('Region') ?? '',
    bucket: node.text('Bucket') ?? '',
    object: node.text('Object') ?? '',
  };
}
