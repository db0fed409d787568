import { RECORD_FOLDERS } from '../../shared/plan/record-folders.ts';
import type { Blocks } from './blocks.ts';
import { code, table } from './markdown.ts';

/** Where records lie, and when they may go. */
export function recordsTable(): Blocks {
  const rows = Object.entries(RECORD_FOLDERS).map(([folder, about]) => [
    code(`${folder}/`),
    about.holds,
    'days' in about ? `${about.days} days after it was written last` : 'stays',
  ]);
  return { records: table(['Folder', 'Holds', 'May go'], rows) };
}
