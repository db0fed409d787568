import type { ObjectRef, Source } from '../core/object-ref.ts';
import { draftOf } from './draft.ts';
import { isFolderMarker, matcherFor } from './matcher.ts';
import { templatesFor } from './overrides.ts';
import type { Facts, Plan, Rendering, Skip, SkipReason, Step } from './plan.ts';
import { reasonOf } from './reason-to-skip.ts';
import type { Output, Rule } from './rule.ts';

/** Pure: the same rules, source and facts always give the same plan. */
export function makePlan(rules: readonly Rule[], source: Source, facts: Facts): Plan {
  const { ranked } = matcherFor(rules);
  const everywhere = reasonForAll(source, facts);
  if (everywhere) {
    const skips = ranked.map(({ name }) => ({ rule: name, because: everywhere }));
    return { source, steps: [], renderings: [], skips };
  }

  const steps: Step[] = [];
  const renderings: Rendering[] = [];
  const skips: Skip[] = [];
  const written = new Set<string>();
  for (const rule of ranked) {
    const because = reasonOf(rule, source);
    if (because) {
      skips.push({ rule: rule.name, because });
      continue;
    }
    for (const template of templatesFor(rule, source)) {
      for (const output of template.outputs) {
        const draft = draftOf(rule, template, output, source, facts);
        const leaveOut = (because: SkipReason) =>
          skips.push({ rule: rule.name, output: nameOf(output), because });
        if (typeof draft === 'string') leaveOut(draft);
        else if (!('target' in draft)) renderings.push(draft);
        else if (written.has(placeOf(draft.target))) leaveOut('same-target');
        else {
          written.add(placeOf(draft.target));
          steps.push(draft);
        }
      }
    }
  }
  return { source, steps, renderings, skips };
}

function reasonForAll(source: Source, { writtenByUs }: Facts): SkipReason | undefined {
  if (writtenByUs) return 'own-output';
  return isFolderMarker(source) ? 'folder-marker' : undefined;
}

/** An output as people tell it from the others of its template. */
function nameOf({ operation, into }: Output): string {
  return into ? `${operation} -> ${into.pattern}` : operation;
}

function placeOf({ bucket, key }: ObjectRef): string {
  return `${bucket}/${key}`;
}
