import { readFileSync } from 'node:fs';
import { COMMANDS } from './commands.ts';
import { main } from './main.ts';

/** The version of the package, which lies two folders above the built command. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

process.exitCode = await main(process.argv.slice(2), COMMANDS, version(), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  env: process.env,
});
