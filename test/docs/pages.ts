import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fence, fencesIn } from '../../scripts/pages/fences.ts';

export const ROOT = join(import.meta.dirname, '..', '..');

/** Everything that is written for people, by its path from the root. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The pieces of all pages that are in a language, each with a name for its test. */
export function snippets(language: string): readonly (readonly [name: string, fence: Fence])[] {
  return PAGES.flatMap((page) =>
    fencesIn(textOf(page))
      .filter((fence) => fence.language === language)
      .map((fence, index) => [`${language} ${index + 1} of ${page}`, fence] as const),
  );
}
