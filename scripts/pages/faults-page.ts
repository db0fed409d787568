import { FAULTS } from '../../shared/core/fault.ts';
import type { Blocks } from './blocks.ts';
import { code, table } from './markdown.ts';

export function faultsPage(): Blocks {
  const rows = Object.entries(FAULTS)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { blame, retry, means }]) => [code(name), blame, retry, means]);
  return { faults: table(['Code', 'Whose doing', 'Again?', 'What happened'], rows) };
}
