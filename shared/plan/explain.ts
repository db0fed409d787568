import type { Plan, Rendering, Skip, Step } from './plan.ts';
import { printable } from './printable.ts';

/** The plan as people read it: the source, then a line for each step, rendering and skip. */
export function explain({ source, steps, renderings, skips }: Plan): string {
  return [
    `${printable(source.key)} (${source.size} bytes)`,
    ...steps.map((step) => `  ${stepLine(step, source.bucket)}`),
    ...renderings.map((rendering) => `  ${renderingLine(rendering)}`),
    ...skips.map((skip) => `  ${skipLine(skip)}`),
  ].join('\n');
}

function stepLine(step: Step, sourceBucket: string): string {
  const { rule, operation, call, target } = step;
  const asJob = call.via === 'job' ? ' as a job' : '';
  const elsewhere = target.bucket === sourceBucket ? '' : ` in ${target.bucket}`;
  const replacing = step.replacesSource ? ', in place of the source' : '';
  return `${rule}: ${operation}${asJob} -> ${printable(target.key)}${elsewhere}${replacing}`;
}

function renderingLine({ rule, operation }: Rendering): string {
  return `${rule}: ${operation}, rendered at download`;
}

function skipLine({ rule, output, because }: Skip): string {
  return output === undefined ? `${rule}: ${because}` : `${rule}: ${output}: ${because}`;
}
