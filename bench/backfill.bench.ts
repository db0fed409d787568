import { backfillWithKills } from './backfill/backfill-with-kills.ts';

export const title =
  'backfill: the built function over an engine, killed on the way; DARKROOM_OBJECTS says how many';

const USUAL_OBJECTS = 100_000;
const KILLS = 10;
const SEED = 1;

export async function run(print: (line: string) => void): Promise<void> {
  const objects = Number(process.env.DARKROOM_OBJECTS ?? USUAL_OBJECTS);
  const report = await backfillWithKills({ objects, kills: KILLS, seed: SEED });
  const { first, second, kills, outputs, denied, rssMb, records } = report;
  const each = (requests: number) => (requests / objects).toFixed(1);
  const { seen, submitted, failed } = first.checkpoint;
  print(`first run   ${(objects / first.seconds).toFixed(0)} objects/s, ${kills} kills`);
  print(`            ${seen} seen, ${submitted} submitted, ${failed} left to the sweep`);
  print(
    `            ${outputs} outputs of ${first.processed} pictures asked for, ${denied} denied`,
  );
  print(`            ${each(first.requests)} requests per object`);
  print(`progress    read ${first.readings} times, went back ${first.wentBack} times`);
  print(
    `memory      ${rssMb.quarters.join(', ')} MB RSS at most in each quarter, ${rssMb.most} ever`,
  );
  print(`records     ${records.all}, of which ${records.kept} have no life span`);
  print(
    `second run  ${(objects / second.seconds).toFixed(0)} objects/s, ${second.processed} pictures asked for, ${each(second.requests)} requests per object`,
  );
}
