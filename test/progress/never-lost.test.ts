import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasEnded } from '../../shared/progress/job.ts';
import { STEP_RETRIES } from '../../shared/progress/retries.ts';
import type { Weather } from './world/agenda.ts';
import { CLIPS_A_DAY, MONEY_A_DAY, PRICE, REQUESTS_A_DAY, stepsFor } from './world/rules.ts';
import { type Deed, Story } from './world/story.ts';

const deed: fc.Arbitrary<Deed> = fc.record({
  afterSeconds: fc.nat(1800),
  key: fc.constantFrom('p1', 'v1', 'r1', 'p2', 'px', 'v2', 'p3'),
  how: fc.oneof(
    { weight: 6, arbitrary: fc.constant('put' as const) },
    { weight: 1, arbitrary: fc.constant('put the same again' as const) },
    { weight: 1, arbitrary: fc.constant('delete' as const) },
    { weight: 1, arbitrary: fc.constant('new rules' as const) },
    { weight: 1, arbitrary: fc.constant('revive' as const) },
    { weight: 1, arbitrary: fc.constant('backfill' as const) },
  ),
});
const weather: fc.Arbitrary<Weather> = fc.constantFrom(
  { kills: 0.5, pauses: 10, failures: 30 },
  { kills: 3, pauses: 30, failures: 20 },
  { kills: 0.2, pauses: 2, failures: 90 },
  { kills: 0, pauses: 60, failures: 60 },
);
const script = fc.noBias(fc.array(fc.nat(9999), { minLength: 0, maxLength: 2500, size: 'max' }));

const MOST_A_DAY: ReadonlyMap<string, number> = new Map([
  ['requests', REQUESTS_A_DAY],
  ['clip', CLIPS_A_DAY],
  ['pictures and clips', MONEY_A_DAY / PRICE],
]);

/** What these stories are about; a world in which it never happens proves nothing. */
const HAPPENS = [
  ...['killed', 'killed before the answer was kept', 'lease over', 'taken over', 'found'],
  ...['redelivered', 'event dropped', 'refused', 'throttled', 'denied', 'half', 'unsent'],
  ...['unheard', 'late', 'over budget', 'backfill over budget', 'breaker open', 'job found'],
  ...['job bad', 'job cancelled', 'job paused', 'job stuck', 'job very late', 'callback lost'],
  ...['callback doubled', 'heard too early'],
];

test('whatever is cut off, lost, late or told twice: no step is lost, and none is paid twice', {
  timeout: 60_000,
}, () => {
  const seen = new Set<string>();
  const deeds = fc.array(deed, { minLength: 1, maxLength: 16, size: 'max' });
  fc.assert(
    fc.property(deeds, script, weather, (done, chances, sky) => {
      const story = new Story(chances, sky);
      expect(story.run(done)).toBe(true);
      expect(story.backfill()).toBeDefined();
      expect(wrongsOf(story)).toEqual([]);
      expect(story.backfill()).toBe(0);
      for (const what of story.service.seen) seen.add(what);
    }),
    // Each seed tells other stories, the same ones each time; more of them are told by STORIES=9999.
    {
      seed: Number(process.env['SEED'] ?? 20260131),
      numRuns: Number(process.env['STORIES'] ?? 400),
    },
  );
  expect(HAPPENS.filter((what) => !seen.has(what))).toEqual([]);
});

/** Everything about a story that has come to its end that must not be. */
function wrongsOf(story: Story): string[] {
  return [
    ...story.service.wrongs,
    ...stepsNotAtTheirEnd(story),
    ...stepsPaidTwice(story),
    ...jobsNotSettled(story),
    ...budgetsExceeded(story),
    ...noticesMissing(story),
  ];
}

function* stepsNotAtTheirEnd({ state, service, rulesVersion, asksFor }: Story) {
  const wanted = new Set<string>();
  for (const [key, { etag, by }] of service.objects) {
    if (by === 'service') continue;
    for (const { id } of stepsFor({ key, etag }, rulesVersion)) {
      wanted.add(id);
      if (!state.entry(id)) yield `lost: ${id}`;
    }
  }
  for (const { step, state: end, attempt, trouble } of state.entries()) {
    if (end.is === 'done') {
      if (!asksFor(step.id).some(({ paid }) => paid)) yield `never carried out: ${step.id}`;
    } else if (end.is !== 'dead') {
      // What a backfill could not pay for is nobody's business once the rules want it no more.
      if (end.is !== 'postponed' || wanted.has(step.id)) yield `${end.is}: ${step.id}`;
    } else if (end.because === 'too-many-attempts' && attempt < STEP_RETRIES.attempts) {
      yield `given up too early: ${step.id}`;
    } else if (end.because === 'fault' && !trouble) yield `dead without a reason: ${step.id}`;
  }
}

/** Once, and once more for each answer that was lost or came to somebody who was cut off. */
function* stepsPaidTwice({ state, asksFor }: Story) {
  for (const { step } of state.entries()) {
    const asks = asksFor(step.id);
    const paid = asks.filter((ask) => ask.paid).length;
    const excuses = asks.filter((ask) => ask.cutOff).length;
    if (paid > 1 + excuses) yield `paid ${paid} times with ${excuses} excuses: ${step.id}`;
  }
}

function* jobsNotSettled({ state }: Story) {
  for (const job of state.jobs()) if (!hasEnded(job)) yield `${job.state}: ${job.id}`;
}

function* budgetsExceeded({ state, service }: Story) {
  for (const counter of state.counters()) {
    const blocks = state.blocks(counter);
    const reserved = blocks.reduce((sum, { from, upTo }) => sum + upTo - from, 0);
    const limit = blocks.at(-1)?.upTo ?? 0;
    if (reserved !== limit) yield `${counter} reserved ${reserved} up to ${limit}`;
  }
  for (const [account, spent] of service.spent) {
    const [what = ''] = account.split(' of ');
    const limit =
      state.checkpoint(what)?.maxSubmitted ?? MOST_A_DAY.get(what) ?? Number.POSITIVE_INFINITY;
    if (spent > limit) yield `${account}: ${spent} of ${limit}`;
  }
}

/** Each at least once, always in the same words. */
function* noticesMissing({ state, received }: Story) {
  const told = (id: string) => received.has(`${id} to shop`) || givenUp(id);
  const givenUp = (id: string) =>
    state.deliveries().some((delivery) => delivery.id === id && delivery.state === 'given-up');
  for (const { step, state: end } of state.entries()) {
    if (end.is !== 'postponed' && !told(`${step.id}.${end.is}`))
      yield `not told: ${step.id}.${end.is}`;
  }
  for (const job of state.jobs()) if (!told(`${job.id}.${job.state}`)) yield `not told: ${job.id}`;
  for (const [name, bodies] of received) {
    if (new Set(bodies).size > 1) yield `told in other words: ${name}`;
  }
}
