import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { LoggedInvocation } from '../local/scf/logs.ts';
import { askEngine, type EnginePlace } from './ask-engine.ts';
import { defineCommand } from './command.ts';

const EVERY_MS = 500;

export const logs = defineCommand({
  name: 'logs',
  summary:
    'Shows what functions wrote that ran in the engine on this machine, and what came of each run',
  takes: { name: 'functions', says: 'only of these; all unless given' },
  flags: {
    follow: { type: 'switch', says: 'goes on with whatever comes, until it is interrupted' },
    limit: { type: 'number', or: 20, value: 'count', says: 'how many runs at first' },
    failed: { type: 'switch', says: 'only runs that failed' },
    data: {
      type: 'text',
      or: '.darkroom/engine',
      value: 'folder',
      says: 'where the engine keeps everything',
    },
    port: { type: 'number', or: 9000, value: 'port', says: 'where the engine listens' },
  },
  async run({ follow, limit, failed, data, port }, names, io) {
    const place = { data: resolve(data), port };
    const isWanted = (run: LoggedInvocation) =>
      (names.length === 0 || names.some((name) => isNamed(run, name))) &&
      (!failed || run.status !== 'success');
    const show = (runs: readonly LoggedInvocation[]) => {
      for (const run of runs) for (const line of linesOf(run)) io.out(line);
    };
    const kept = await runsIn(place);
    show(kept.filter(isWanted).slice(-limit));
    for (let last = kept.at(-1)?.id; follow; ) {
      await setTimeout(EVERY_MS);
      const runs = await runsIn(place, last);
      show(runs.filter(isWanted));
      last = runs.at(-1)?.id ?? last;
    }
    return 0;
  },
});

/** Oldest first: all that are kept, or those that came after one. */
async function runsIn(place: EnginePlace, after?: string): Promise<LoggedInvocation[]> {
  const query = after === undefined ? 'limit=1000' : `limit=1000&after=${after}`;
  const answer = (await askEngine(place, `/invocations?${query}`)) as {
    readonly invocations: LoggedInvocation[];
  };
  return answer.invocations.reverse();
}

function isNamed({ function: whole }: LoggedInvocation, name: string): boolean {
  return whole === name || whole.endsWith(`.${name}`) || whole.endsWith(`:${name}`);
}

/** One line about the run, then what the function wrote. What it wrote cannot move the cursor. */
function linesOf(run: LoggedInvocation): readonly string[] {
  const { function: name, at, code, message, durationMs, memory, source, retry, cold } = run;
  const about = [
    new Date(at).toISOString(),
    name.replace(/^[^:]*:/, ''),
    message === '' ? code : `${code} ${message}`,
    `${Math.round(durationMs)}ms`,
    ...(memory > 0 ? [`${Math.round(memory / 1_048_576)}MB`] : []),
    source,
    ...(retry > 0 ? [`retry ${retry}`] : []),
    ...(cold ? ['cold'] : []),
  ];
  const written = run.log.split('\n').filter((line) => line !== '');
  return [about.join(' '), ...written.map((line) => `  ${line}`)].map(printable);
}

function printable(line: string): string {
  return line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}
