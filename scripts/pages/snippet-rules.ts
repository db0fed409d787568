import { SOME_TEMPLATES } from '../../shared/config/check-examples.ts';

/**
 * A whole rules file of a snippet that shows only some of its settings. What is missing comes after
 * it, so that the lines of the snippet are those of the file.
 */
export function wholeRules(snippet: string): string {
  const rules = /^rules:/m.test(snippet) ? '' : 'rules: []\n';
  const templates = /^templates:/m.test(snippet) ? '' : SOME_TEMPLATES;
  return `${snippet.trimEnd()}\n${rules}${templates}`;
}

/** Where a snippet is kept: its first line may say so. */
export function fileOf(snippet: string): string {
  return /^# ([\w/-]+\.yaml)\n/.exec(snippet)?.[1] ?? 'rules.yaml';
}
