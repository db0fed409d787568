import { CHECK_EXAMPLES, SOME_PLACES } from '../../shared/config/check-examples.ts';
import { CHECKS, type CheckCode } from '../../shared/config/checks.ts';
import { formatProblems } from '../../shared/config/format-problems.ts';
import { readRules } from '../../shared/config/read-rules.ts';
import type { Blocks } from './blocks.ts';
import { code, fence, table } from './markdown.ts';
import { wholeRules } from './snippet-rules.ts';

const CODES = Object.keys(CHECKS) as CheckCode[];

/** Long enough for the schedules of the examples, and the same on every day. */
const SOME_DAY = Date.UTC(2026, 0, 1);

/** Nobody writes these by hand, and nobody would read them here. */
const WITHOUT_EXAMPLE: readonly CheckCode[] = ['too-large', 'too-deep'];

export function checksTable(): Blocks {
  const rows = CODES.map((name) => [
    `[${code(name)}](checks.md#${name})`,
    CHECKS[name].severity,
    CHECKS[name].means,
  ]);
  return { checks: table(['Check', '', 'What it finds'], rows) };
}

export function checksPage(): Blocks {
  return { checks: CODES.map(sectionOf).join('\n\n') };
}

function sectionOf(name: CheckCode): string {
  const { severity, means } = CHECKS[name];
  const heading = `## ${name}\n\n${severity === 'error' ? 'An error' : 'A warning'}. ${means}`;
  const { wrong, right, places } = CHECK_EXAMPLES[name];
  if (WITHOUT_EXAMPLE.includes(name)) return heading;
  return [
    heading,
    ...(places ? [`In a deployment with ${places.sources.length} source buckets:`] : []),
    fence('yaml wrong', wrong),
    fence('text', complaint(name)),
    'Right would be:',
    fence('yaml', right),
  ].join('\n\n');
}

/** What is said about it, as it is printed. */
function complaint(name: CheckCode): string {
  const { wrong, places = SOME_PLACES } = CHECK_EXAMPLES[name];
  const text = wholeRules(wrong);
  const { problems } = readRules(text, 'rules.yaml', { places, now: SOME_DAY });
  const problem = problems.find((one) => one.code === name);
  if (!problem) throw new Error(`The example of the check "${name}" is not found by it`);
  return formatProblems([problem], text);
}
