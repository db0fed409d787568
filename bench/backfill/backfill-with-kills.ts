import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checkpoint } from '../../shared/progress/checkpoint.ts';
import { writeTimerEvent } from '../../shared/wire/timer-event.ts';
import { APPID, BUCKET, ROLE, SCHEDULE } from './account.ts';
import { deployFunction } from './deploy-function.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import { type FunctionProcess, LIMIT_MS, openFunctionProcess } from './function-process.ts';
import { killPoints } from './kill-points.ts';
import { countOutputs, countRecords, type Owner, ownerOf } from './owner.ts';
import { putPictures } from './put-pictures.ts';
import { watchProgress } from './watch-progress.ts';

const LOOK_EVERY_MS = 100;
const MINUTE_MS = 60_000;
/** A step that was cut off is taken up again when its lease is over, which is some minutes. */
const UNTIL_TAKEN_UP_MS = 6 * MINUTE_MS;
/** What takes more ticks than this in which nothing gets further will not end. */
const MOST_IDLE_TICKS = 30;

interface Wanted {
  readonly objects: number;
  readonly kills: number;
  readonly seed: number;
}

/** One backfill, from its first tick until it is finished and every object has its output. */
interface Outcome {
  readonly checkpoint: Checkpoint;
  readonly seconds: number;
  readonly requests: number;
  readonly processed: number;
  /** How often its progress was read, and whether it ever went back or could not be read. */
  readonly readings: number;
  readonly wentBack: number;
}

interface Report {
  readonly first: Outcome;
  readonly second: Outcome;
  readonly kills: number;
  readonly outputs: number;
  readonly denied: number;
  /** The highest of the function's process, in MB: in each quarter of the first run, and of both. */
  readonly rssMb: { readonly quarters: readonly number[]; readonly most: number };
  /** Records, and those among them that no rule of the bucket ever drops. */
  readonly records: { readonly all: number; readonly kept: number };
}

/**
 * A backfill over an engine with the built function, each in a process of its own. The function is
 * killed and started again; then the same backfill is run once more, in peace.
 */
export async function backfillWithKills({ objects, kills, seed }: Wanted): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-backfill-'));
  const engine = await startEngineProcess(join(folder, 'data'));
  let most = 0;
  const quarters = [0, 0, 0, 0];
  let part: number | undefined = 0;
  const settings = await deployFunction(engine, join(folder, 'code'));
  const timer = openFunctionProcess(join(folder, 'code'), settings, (memory) => {
    most = Math.max(most, memory.most);
    if (part !== undefined) quarters[part] = Math.max(quarters[part] ?? 0, memory.now);
  });
  try {
    await putPictures(engine, objects);
    const owner = ownerOf(engine);
    const points = [...killPoints(kills, objects, seed)];
    let killed = 0;
    const killDue = async () => {
      const [point] = points;
      if (point === undefined || engine.asked.processed < point) return;
      points.shift();
      killed += 1;
      await timer.kill();
    };
    const run = (at: number, watch: (seen: number) => Promise<void>) =>
      runBackfill({ engine, timer, owner, at, watch });

    const began = Date.now();
    const first = await run(began, async (seen) => {
      part = Math.min(3, Math.floor((4 * seen) / objects));
      await killDue();
    });
    part = undefined;
    const missing = async () => objects - (await countOutputs(owner));
    for (let tick = 0; tick < MOST_IDLE_TICKS && (await missing()) > 0; tick += 1) {
      await engine.admin('POST', '/clock/advance', { ms: UNTIL_TAKEN_UP_MS });
      await invoke(engine, timer, '', began);
    }
    const processed = engine.asked.processed;
    const second = await run(began + MINUTE_MS, async () => {});
    return {
      first: { ...first, processed },
      ...{ second, kills: killed, denied: engine.asked.denied },
      outputs: await countOutputs(owner),
      rssMb: { quarters: quarters.map(megabytes), most: megabytes(most) },
      records: await countRecords(owner),
    };
  } finally {
    await timer.kill();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ticks until the backfill that began at this time is finished; meanwhile its progress is watched. */
async function runBackfill(on: {
  readonly engine: EngineProcess;
  readonly timer: FunctionProcess;
  readonly owner: Owner;
  readonly at: number;
  readonly watch: (seen: number) => Promise<void>;
}): Promise<Outcome> {
  const { engine, timer, owner, at, watch } = on;
  const minute = new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, '');
  const name = `${SCHEDULE}.${minute}.${BUCKET.slice(0, -APPID.length - 1)}`;
  const progress = await watchProgress(name, owner);
  const before = { ...engine.asked };
  const startedAt = performance.now();
  let idle = 0;
  let last: Checkpoint | undefined;

  while (last?.state !== 'finished') {
    const reached = last?.revision;
    // Until there is a checkpoint, the tick is the schedule's own.
    const message = last ? '' : JSON.stringify({ schedule: SCHEDULE });
    let over = false;
    const answer = invoke(engine, timer, message, at).finally(() => {
      over = true;
    });
    while (!over) {
      await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]);
      last = await progress.look();
      await watch(last?.seen ?? 0);
    }
    const said = await answer;
    if (said !== 'done' && said !== 'killed') throw new Error(`The function failed: ${said}`);
    // The timer's next tick comes when no invocation can be under way any more.
    if (last?.state !== 'finished') await engine.admin('POST', '/clock/advance', { ms: LIMIT_MS });
    idle = last?.revision === reached ? idle + 1 : 0;
    if (idle > MOST_IDLE_TICKS) throw new Error(`${name} stands still at ${last?.seen} objects`);
  }
  return {
    checkpoint: last,
    ...progress.told(),
    seconds: (performance.now() - startedAt) / 1000,
    requests: engine.asked.requests - before.requests,
    processed: engine.asked.processed - before.processed,
  };
}

async function invoke(
  engine: EngineProcess,
  timer: FunctionProcess,
  message: string,
  at: number,
): Promise<string> {
  const key = await engine.admin('POST', '/temporary-keys', { role: ROLE });
  return timer.invoke({
    event: writeTimerEvent({ trigger: 'tick', at, message }),
    env: {
      TENCENTCLOUD_SECRETID: String(key.secretId),
      TENCENTCLOUD_SECRETKEY: String(key.secretKey),
      TENCENTCLOUD_SESSIONTOKEN: String(key.token),
    },
  });
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
