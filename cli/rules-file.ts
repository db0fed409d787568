import { readFileSync } from 'node:fs';
import type { Places } from '../shared/plan/places.ts';
import type { Rules } from '../shared/plan/rules.ts';
import type { Io } from './command.ts';

export const RULES_FLAG = {
  type: 'text',
  or: 'rules.yaml',
  value: 'file',
  says: 'the rules file',
} as const;

/** The rules of a file; problems go to standard error, and where one is an error there are no rules. */
export async function readRulesFile(
  file: string,
  io: Io,
): Promise<{ readonly rules: Rules; readonly warnings: number } | undefined> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    const why =
      (thrown as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : thrown;
    io.err(`${file}: ${why}`);
    io.err('Name the rules file with --rules.');
    return undefined;
  }
  const { readRules } = await import('../shared/config/read-rules.ts');
  const { formatProblems } = await import('../shared/config/format-problems.ts');
  const places = await placesFrom(io);
  const read = readRules(text, file, { now: Date.now(), ...(places ? { places } : {}) });
  if (read.problems.length > 0) io.err(`${formatProblems(read.problems, text)}\n`);
  if (read.ok) return { rules: read.rules, warnings: read.problems.length };
  const errors = read.problems.filter(({ severity }) => severity === 'error').length;
  io.err(`${file}: ${errors} ${errors === 1 ? 'error' : 'errors'}`);
  return undefined;
}

/** Where the rules will be in force, when the environment says so: some checks depend on it. */
async function placesFrom(io: Io): Promise<Places | undefined> {
  if (!io.env['DARKROOM_BUCKETS']) return undefined;
  const { placesOf, readSettings } = await import('../shared/config/settings.ts');
  const read = readSettings(io.env);
  if (read.ok) return placesOf(read.settings);
  for (const { message, hint } of read.problems) io.err(hint ? `${message}. ${hint}` : message);
  return undefined;
}
