import type { Finding, Path } from './problem.ts';
import { entriesOf, isRecord } from './unknown-parts.ts';

/** Sections that can lose one entry and still be right. */
const BY_ENTRY: readonly (string | number | undefined)[] = [
  'templates',
  'rules',
  'schedule',
  'notices',
];

/**
 * The file without the entries in which something is wrong, so that the rest can be looked at as
 * well: a misspelt setting of one rule must not hide that two others run in a circle.
 */
export function withoutWrongEntries(file: unknown, findings: readonly Finding[]): unknown {
  const wrong = new Set(findings.map(({ path }) => nameOf(path.slice(0, entryDepth(path)))));
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

/**
 * The file without the settings that are wrong, and without an entry only where that is wrong as a
 * whole. What is left may lack what it needs, and a rule may ask for more than was meant: it shows
 * what is wrong with each value, and nothing about how they go together.
 */
export function withoutWrongSettings(file: unknown, findings: readonly Finding[]): unknown {
  const within = findings.filter(({ path }) => settingOf(path).length > entryDepth(path));
  const rest = within.reduce((left, { path }) => without(left, settingOf(path)), file);
  return withoutWrongEntries(
    rest,
    findings.filter((finding) => !within.includes(finding)),
  );
}

function entryDepth([section]: Path): number {
  return BY_ENTRY.includes(section) ? 2 : 1;
}

/** A list loses no entry, which would move the others: it goes as a whole. */
function settingOf(path: Path): Path {
  return path.slice(0, path.findLastIndex((name) => typeof name === 'string') + 1);
}

function without(value: unknown, [name, ...below]: Path): unknown {
  if (Array.isArray(value)) {
    return value.map((part, index) => (index === name ? without(part, below) : part));
  }
  if (!isRecord(value) || typeof name !== 'string' || !Object.hasOwn(value, name)) return value;
  const { [name]: part, ...others } = value;
  return below.length === 0 ? others : { ...value, [name]: without(part, below) };
}

function nameOf(path: Path): string {
  return JSON.stringify(path);
}
