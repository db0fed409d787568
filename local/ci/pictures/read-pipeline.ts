import type { ChainedOperation } from '../../../shared/wire/rule-text.ts';
import { OperationError } from '../operations-port.ts';
import { MOGR_STEPS } from './mogr-steps.ts';
import type { ReadStep, Step } from './pipeline-step.ts';
import { VIEW_STEPS, viewStep } from './view-steps.ts';

const VALUELESS = ['auto-orient', 'strip'];

/** The steps of a chain, in order. What is not here is refused by its name, before any of it runs. */
export function readPipeline(operations: readonly ChainedOperation[]): readonly Step[] {
  return operations.flatMap(({ name, arguments: given }) => {
    if (name === 'imageMogr2') return stepsOf(name, pairsOf(given), MOGR_STEPS);
    if (name === 'imageView2') {
      const [mode = '', ...rest] = given;
      const pairs = pairsOf(rest);
      const others = pairs.filter(([each]) => each !== 'w' && each !== 'h');
      return [viewStep(mode, new Map(pairs)), ...stepsOf(name, others, VIEW_STEPS)];
    }
    throw new OperationError('NotImplemented', `The engine does not have ${name}`);
  });
}

/** `thumbnail/100x/strip/quality/80`: names with their values, some without. */
function pairsOf(given: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < given.length; at++) {
    const name = given[at] ?? '';
    pairs.push(VALUELESS.includes(name) ? [name, ''] : [name, given[++at] ?? '']);
  }
  return pairs;
}

function stepsOf(
  operation: string,
  pairs: readonly (readonly [string, string])[],
  known: Readonly<Record<string, ReadStep>>,
): readonly Step[] {
  return pairs.map(([name, value]) => {
    const read = Object.hasOwn(known, name) ? known[name] : undefined;
    if (read) return read(value);
    throw new OperationError('NotImplemented', `The engine does not have ${operation}/${name}`);
  });
}
