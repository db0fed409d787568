import type { Problem } from './problem.ts';

/** A line is shown this wide, around what is meant; nobody reads a line of a megabyte. */
const WIDTH = 100;
const BEFORE = 60;

/**
 * Problems for people: `rules.yaml:12:5 error loop: ...`, the line itself with a mark under what is
 * meant, and what would be right.
 */
export function formatProblems(problems: readonly Problem[], text: string): string {
  const lines = text.split('\n');
  return problems.map((problem) => blockOf(problem, lines[problem.line - 1] ?? '')).join('\n\n');
}

function blockOf(problem: Problem, line: string): string {
  const { file, line: row, column, severity, code, message, hint } = problem;
  const from = Math.max(0, column - 1 - BEFORE);
  const cut = line.slice(from, from + WIDTH);
  const before = cut.slice(0, column - 1 - from);
  const meant = cut.slice(before.length, before.length + problem.length);
  const mark = `${before.replaceAll(/[^\t]/gu, blanks)}${'^'.repeat(Math.max(1, columnsOf(meant)))}`;

  const gutter = `${row} | `;
  const block = [
    `${file}:${row}:${column} ${severity} ${code}: ${message}`,
    `  ${gutter}${cut.replaceAll(UNSHOWABLE, '\ufffd').trimEnd()}`,
    `  ${gutter.replaceAll(/[^|]/g, ' ')}${mark}`,
  ];
  if (hint !== undefined) block.push(`  ${hint}`);
  return block.join('\n');
}

/** What would move the cursor or colour the terminal. */
const UNSHOWABLE = /[\p{Cs}\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Characters that take two columns of a terminal: Chinese, Japanese, Korean, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

function blanks(character: string): string {
  return WIDE.test(character) ? '  ' : ' ';
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}
