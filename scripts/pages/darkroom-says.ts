import { COMMANDS } from '../../cli/commands.ts';
import { main } from '../../cli/main.ts';

/** What serves until somebody stops it, or asks an account, is only asked here whether it would start so. */
const ASKED = COMMANDS.map((command) =>
  /^(?:engine$|deploy )/.test(command.name) ? { ...command, run: async () => 0 } : command,
);

export interface Said {
  readonly exitCode: number;
  /** As a terminal shows it: both streams, in their order. */
  readonly printed: string;
}

/** What a line such as `npx darkroom check` says in a folder. */
export async function darkroomSays(line: string, folder: string): Promise<Said> {
  const [npx, darkroom, ...argv] = wordsOf(line);
  if (npx !== 'npx' || darkroom !== 'darkroom') throw new Error(`No command of ours: ${line}`);
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  const before = process.cwd();
  process.chdir(folder);
  try {
    const io = { out: print, err: print, env: {} };
    const exitCode = await main(argv, ASKED, '0.0.0', io);
    return { exitCode, printed: printed.join('\n').trimEnd() };
  } finally {
    process.chdir(before);
  }
}

/** The words of a line as a shell reads them: quotes hold them together. */
function wordsOf(line: string): readonly string[] {
  return (line.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? []).map((word) =>
    word.replaceAll(/^["']|["']$/g, ''),
  );
}
