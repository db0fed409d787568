import { Command as Commander, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../shared/core/fault.ts';
import type { Command, Flag, FlagValues, Io } from './command.ts';
import { GROUPS } from './commands.ts';

const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}

function optionOf(name: string, flag: Flag): Option {
  const long = `--${dashed(name)}`;
  switch (flag.type) {
    case 'switch':
      return flag.or === true
        ? new Option(`--no-${dashed(name)}`, flag.says)
        : new Option(long, flag.says);
    case 'text': {
      const option = new Option(`${long} <${flag.value}>`, flag.says);
      return flag.or === undefined ? option : option.default(flag.or);
    }
    case 'number': {
      const option = new Option(`${long} <${flag.value}>`, flag.says).argParser(wholeNumber);
      return flag.or === undefined ? option : option.default(flag.or);
    }
    case 'list':
      return new Option(`${long} <${flag.value}>`, flag.says)
        .default([], 'none')
        .argParser((value, before: readonly string[]) => [...before, value]);
  }
}

/** Every switch is true or false and every other flag what was given, whatever the library leaves out. */
function flagsOf(
  command: Command,
  given: Record<string, unknown>,
): FlagValues<Record<string, Flag>> {
  const values = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [
      name,
      flag.type === 'switch' ? Boolean(given[name] ?? flag.or ?? false) : given[name],
    ]),
  );
  // The options above parse each flag to the type it says.
  return values as FlagValues<Record<string, Flag>>;
}

function explainThrown(thrown: unknown): string {
  if (!(thrown instanceof Fault)) {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  const hint = thrown.hint ? `\n  ${thrown.hint}` : '';
  return `${thrown.message} (${thrown.code})${hint}`;
}

/** Runs the command line and gives the exit code: 0 well, 1 not, 2 wrongly called. */
export async function main(
  argv: readonly string[],
  commands: readonly Command[],
  version: string,
  io: Io,
): Promise<number> {
  let exitCode = 0;
  const program = new Commander('darkroom')
    .description('Develops pictures and videos as they land in Tencent Cloud Object Storage')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    });

  const groups = new Map<string, Commander>();
  function groupNamed(name: string): Commander {
    const group = groups.get(name) ?? program.command(name).description(GROUPS[name] ?? '');
    groups.set(name, group.exitOverride().copyInheritedSettings(program));
    return group;
  }

  for (const command of commands) {
    const [first = '', second] = command.name.split(' ');
    const above = second === undefined ? program : groupNamed(first);
    const verb = above.command(second ?? first).description(command.summary);
    verb.exitOverride().copyInheritedSettings(program);
    if (command.takes) verb.argument(`[${command.takes.name}...]`, command.takes.says);
    for (const [name, flag] of Object.entries(command.flags)) verb.addOption(optionOf(name, flag));
    verb.action(async (...called: unknown[]) => {
      const args = command.takes && Array.isArray(called[0]) ? called[0].map(String) : [];
      exitCode = await command.run(flagsOf(command, verb.opts()), args, io);
    });
  }

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof Error && 'exitCode' in thrown && 'code' in thrown) {
      return thrown.exitCode === 0 ? 0 : 2;
    }
    io.err(explainThrown(thrown));
    return 1;
  }
}
