import type { Command, Flag } from '../../cli/command.ts';
import { COMMANDS } from '../../cli/commands.ts';
import type { Blocks } from './blocks.ts';
import { code, sentence, table } from './markdown.ts';

export function commandsPage(): Blocks {
  return { commands: COMMANDS.map(sectionOf).join('\n\n') };
}

function sectionOf({ name, summary, takes, flags }: Command): string {
  const behind = takes ? ` [${takes.name}...]` : '';
  return [
    `## ${name}`,
    sentence(summary),
    ['```text', `npx darkroom ${name} [options]${behind}`, '```'].join('\n'),
    ...(takes ? [`${code(takes.name)}: ${sentence(takes.says)}`] : []),
    table(['Option', 'Unless given', 'What it says'], Object.entries(flags).map(rowOf)),
  ].join('\n\n');
}

function rowOf([name, flag]: [string, Flag]): string[] {
  const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (flag.type === 'switch') {
    const long = flag.or === true ? `--no-${dashed}` : `--${dashed}`;
    return [code(long), '', flag.says];
  }
  const or = 'or' in flag && flag.or !== undefined ? code(flag.or) : '';
  const often = flag.type === 'list' ? '; may be given more than once' : '';
  return [code(`--${dashed} <${flag.value}>`), or, `${flag.says}${often}`];
}
