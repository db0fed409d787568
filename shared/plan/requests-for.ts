import type { Source } from '../core/object-ref.ts';
import { operationNamed } from '../operations/catalogue.ts';
import type { Step } from './plan.ts';

/** One HTTP request: some picture steps together, or one job. */
export type Request =
  | { readonly kind: 'pictures'; readonly source: Source; readonly steps: readonly Step[] }
  | { readonly kind: 'job'; readonly source: Source; readonly step: Step };

/**
 * The requests that carry these steps out, as few as the service allows, in the order of the steps.
 * A step that replaces the source goes alone and after the others, which are to see the bytes they
 * were planned for. A step that was `tried` before goes alone as well: when a request for several is
 * refused, the service does not say because of which one.
 */
export function requestsFor(
  source: Source,
  steps: readonly Step[],
  tried: ReadonlySet<string> = new Set(),
): readonly Request[] {
  const requests: Request[] = [];
  let open: Step[] = [];
  for (const step of replacingLast(steps)) {
    if (step.call.via === 'job') requests.push({ kind: 'job', source, step });
    else if (step.replacesSource || tried.has(step.id))
      requests.push({ kind: 'pictures', source, steps: [step] });
    else if (open.length > 0 && fitTogether([...open, step])) open.push(step);
    else {
      open = [step];
      requests.push({ kind: 'pictures', source, steps: open });
    }
  }
  return requests;
}

function replacingLast(steps: readonly Step[]): readonly Step[] {
  return [
    ...steps.filter(({ replacesSource }) => !replacesSource),
    ...steps.filter(({ replacesSource }) => replacesSource),
  ];
}

/** The least that one of them allows is what all of them together may be. */
function fitTogether(steps: readonly Step[]): boolean {
  const allowed = steps.map(
    ({ operation }) => operationNamed(operation)?.rulesPerRequest.cloud ?? 1,
  );
  return steps.length <= Math.min(...allowed);
}
