import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { COMMANDS } from './commands.ts';
import { main } from './main.ts';

/** The version of the package, which lies two folders above the built command. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function agrees(question: string): Promise<boolean> {
  const keyboard = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await keyboard.question(`${question} [y/N] `)).trim());
  } finally {
    keyboard.close();
  }
}

process.exitCode = await main(process.argv.slice(2), COMMANDS, version(), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  env: process.env,
  ...(process.stdin.isTTY ? { agrees } : {}),
});
