import type { Finding } from './problem.ts';
import { entriesOf, isRecord } from './unknown-parts.ts';

/** Sections that can lose one entry and still be right. */
const BY_ENTRY: readonly (string | number | undefined)[] = [
  'templates',
  'rules',
  'schedule',
  'notices',
];

/**
 * The file without what is wrong in it, so that the rest can be looked at as well: a misspelt
 * setting of one rule must not hide that two others run in a circle.
 */
export function withoutWrong(file: unknown, findings: readonly Finding[]): unknown {
  const wrong = new Set(
    findings.map(({ path }) => nameOf(path.slice(0, BY_ENTRY.includes(path[0]) ? 2 : 1))),
  );
  const sections = entriesOf(file).map(([section, content]): [string, unknown] => {
    if (!BY_ENTRY.includes(section)) return [section, content];
    const keep = (_: unknown, name: string | number) => !wrong.has(nameOf([section, name]));
    if (Array.isArray(content)) return [section, content.filter(keep)];
    if (!isRecord(content)) return [section, content];
    return [section, Object.fromEntries(entriesOf(content).filter(([key]) => keep(content, key)))];
  });
  const kept = sections.filter(([section]) => !wrong.has(nameOf([section])));
  return { templates: {}, rules: [], ...Object.fromEntries(kept) };
}

function nameOf(path: Finding['path']): string {
  return JSON.stringify(path);
}
