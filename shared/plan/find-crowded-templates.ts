import { operationNamed } from '../operations/catalogue.ts';
import type { Output, Template } from './rule.ts';

/** A template with more outputs than the service makes in the one request of an upload. */
export interface Crowded {
  readonly template: string;
  readonly version: number;
  readonly outputs: number;
  /** What the service takes, and the operation that says so. */
  readonly takes: number;
  readonly operation: string;
}

/**
 * Templates whose outputs do not fit into the upload of their source. For objects that are stored
 * already it does not matter: there, outputs are spread over as many requests as it takes.
 */
export function findCrowdedTemplates(templates: readonly Template[]): readonly Crowded[] {
  return templates.flatMap(({ name, version, outputs }): Crowded[] => {
    const together = outputs.filter(({ as, into }) => as === 'rule' && into !== undefined);
    const [least] = together
      .map((output) => ({ operation: output.operation, takes: taken(output) }))
      .sort((one, other) => one.takes - other.takes);
    if (!least || together.length <= least.takes) return [];
    return [{ template: name, version, outputs: together.length, ...least }];
  });
}

function taken({ operation }: Output): number {
  return operationNamed(operation)?.rulesPerRequest.upload ?? Number.POSITIVE_INFINITY;
}
