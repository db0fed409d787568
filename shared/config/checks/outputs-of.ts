import { operationNamed } from '../../operations/catalogue.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Output, Template } from '../../plan/rule.ts';
import type { OutputRef } from '../../plan/writer.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { OutputFile } from '../output-schema.ts';
import type { Path } from '../problem.ts';

/** One output with all that is known about it. */
export interface FoundOutput {
  readonly path: Path;
  readonly template: Template;
  readonly output: Output;
  /** As it is written in the file. */
  readonly written: OutputFile;
  readonly operation: Operation;
}

export function* outputsOf({ file, rules, operations }: CheckedFile): Iterable<FoundOutput> {
  for (const template of rules.templates) {
    const key = keyOfTemplate(template);
    for (const [index, output] of template.outputs.entries()) {
      const written = file.templates[key]?.outputs[index];
      const operation = operationNamed(output.operation, operations);
      const path = ['templates', key, 'outputs', index];
      if (written && operation) yield { path, template, output, written, operation };
    }
  }
}

export function pathOfOutput({ template, version, output }: OutputRef): Path {
  return ['templates', keyOfTemplate({ name: template, version }), 'outputs', output];
}

export function keyOfTemplate({ name, version }: Pick<Template, 'name' | 'version'>): string {
  return `${name}@${version}`;
}
