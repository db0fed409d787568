import type { Change, DeployPlan, Note } from './change.ts';

const SIGNS = { create: '+', update: '~', replace: '!', delete: '-' } as const;
const ABOUT = { slow: 'takes time', gap: 'leaves a gap', cost: 'costs', know: 'note' } as const;

/** A plan as people read it. */
export function explainPlan({ changes, refusals, notes }: DeployPlan): string {
  const counted = (does: Change['does']) => changes.filter((change) => change.does === does).length;
  const [created, updated, replaced, deleted] = [
    counted('create'),
    counted('update'),
    counted('replace'),
    counted('delete'),
  ];
  return [
    ...changes.flatMap((change) => [explainChange(change), '']),
    ...notes.map(explainNote),
    ...refusals.map((refusal) => `refused: ${refusal}`),
    changes.length === 0
      ? 'Nothing to change: the account is as the rules ask for.'
      : `${created} to create, ${updated} to change, ${replaced} to make anew, ${deleted} to delete`,
  ].join('\n');
}

function explainChange({ does, subject, lines, notes }: Change): string {
  return [
    `${SIGNS[does]} ${subject}`,
    ...lines.map((line) => `    ${line}`),
    ...notes.map((note) => `  ${explainNote(note)}`),
  ].join('\n');
}

function explainNote({ about, says }: Note): string {
  return `${ABOUT[about]}: ${says}`;
}
