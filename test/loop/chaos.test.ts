import { expect, test } from 'vitest';
import { type Sabotage, USES, type Weather } from './chaos/chaos-ports.ts';
import { ChaosStory } from './chaos/chaos-story.ts';
import { wrongsOf } from './chaos/wrongs-of.ts';

/** Another seed is another story, the same one each time: DARKROOM_SEED=7 npx vitest run test/loop/chaos.test.ts */
const TOLD = 20260131;
const SEED = Number(process.env['DARKROOM_SEED'] ?? TOLD);
const UPLOADS = Number(process.env['DARKROOM_UPLOADS'] ?? 500);

const STORM: Weather = { kills: 0.5, failures: 0.0015, troubles: 0.1, slow: 0.05 };

/** What this story is about; a world in which it never happens proves nothing. */
const HAPPENS = [
  ...['unsent', 'unheard', 'late', 'half', 'throttled', 'taken over', 'over-budget'],
  ...['unheard create', 'unheard write', 'callback lost', 'callback doubled'],
  ...['breaker-open', 'source-changed', 'no-longer-planned'],
];
/** Every use is to be cut off at, on one of its sides at least: which sides, the seed decides. */
function missingFrom(seen: ReadonlySet<string>): readonly string[] {
  const wasCutOff = (use: string) =>
    seen.has(`killed before ${use}`) || seen.has(`killed after ${use}`);
  return [...USES.filter((use) => !wasCutOff(use)), ...HAPPENS.filter((what) => !seen.has(what))];
}

test('thousands of events in a storm: no step is lost, none is paid twice, and nothing loops', {
  timeout: 240_000,
}, async () => {
  const story = new ChaosStory({ seed: SEED, uploads: UPLOADS, weather: STORM });
  const toTellAgain = `again by DARKROOM_SEED=${SEED} DARKROOM_UPLOADS=${UPLOADS}`;
  expect(await story.run(), toTellAgain).toBe(true);
  expect(await wrongsOf(story), toTellAgain).toEqual([]);
  if (SEED === TOLD) expect(missingFrom(story.ports.seen)).toEqual([]);
  expect(story.counts.events).toBeGreaterThan(UPLOADS * 4);

  expect(await story.backfill(), toTellAgain).toBeDefined();
  expect(await wrongsOf(story), toTellAgain).toEqual([]);
  expect(await story.backfill(), toTellAgain).toBe(0);
});

test('a seed tells the same story each time', { timeout: 60_000 }, async () => {
  const told = async () => {
    const story = new ChaosStory({ seed: SEED, uploads: 30, weather: STORM });
    await story.run();
    return { counts: story.counts, asked: [...story.ports.bill.steps()].map(([id]) => id) };
  };
  expect(await told()).toEqual(await told());
});

/** Each guard that is put out, and by what that is noticed. */
const NOTICED: readonly (readonly [Sabotage, RegExp])[] = [
  ['everybody creates', /carried out again|asked again without looking/],
  ['nobody finds outputs', /asked though its output was there/],
  ['nobody finds jobs', /asked though its job was there/],
  ['nobody knows own outputs', /an output was processed/],
  ['nobody comes back to steps', /^(?:open|failed|postponed): /],
  ['nobody comes back to jobs', /^(?:accepted|submitted): /],
  ['nobody comes back to notices', /^not told: /],
];

test.for(NOTICED)('the storm tells when %s', { timeout: 60_000 }, async ([sabotage, wrong]) => {
  const story = new ChaosStory({ seed: SEED, uploads: 80, weather: STORM, sabotage });
  await story.run();
  expect(await wrongsOf(story)).toContainEqual(expect.stringMatching(wrong));
});
