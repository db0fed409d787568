import { hasEnded } from '../../../shared/progress/job.ts';
import { type Ask, wasNotKept } from './bill.ts';
import type { ChaosStory } from './chaos-story.ts';
import type { Kept } from './kept.ts';
import { CLIPS_A_DAY, REQUESTS_A_DAY } from './world-rules.ts';

const DAY = 86_400_000;
/** As far as clocks and latencies reach over midnight. */
const AROUND_MIDNIGHT_MS = 120_000;

/** Everything about a story that has come to its end that must not be. */
export async function wrongsOf(story: ChaosStory): Promise<string[]> {
  const kept = await story.kept();
  return [
    ...story.ports.bill.wrongs,
    ...story.ports.cloud.ownOutputs.map((what) => `an output was processed: ${what}`),
    ...stepsNotAtTheirEnd(story, kept),
    ...sourcesForgotten(story, kept),
    ...stepsPaidTwice(story),
    ...jobsNotSettled(story, kept),
    ...budgetsExceeded(story),
    ...noticesMissing(story, kept),
  ];
}

function* stepsNotAtTheirEnd({ ports }: ChaosStory, { entries }: Kept) {
  const asks = new Map(ports.bill.steps());
  for (const { step, state, trouble } of entries) {
    const wasCarriedOut = asks.get(step.id)?.some(({ outcome }) => outcome === 'carried out');
    if (state.is === 'done') {
      if (!wasCarriedOut) yield `done, and never carried out: ${step.id}`;
    } else if (state.is !== 'dead') yield `${state.is}: ${step.id}`;
    else if (state.because === 'fault' && !trouble) yield `dead without a reason: ${step.id}`;
  }
  const known = new Set(entries.map(({ step }) => step.id as string));
  for (const id of asks.keys()) if (!known.has(id)) yield `asked for, and not in the ledger: ${id}`;
}

/** What people put there and nobody took notice of, though its event was not dropped. */
function* sourcesForgotten({ ports, dropped }: ChaosStory, { entries }: Kept) {
  const known = new Set(entries.map(({ source }) => `${source.key} ${source.etag}`));
  for (const { key, etag, by } of ports.cloud.objects.values()) {
    if (by !== undefined || dropped.has(key)) continue;
    if (!known.has(`${key} ${etag}`)) yield `forgotten: ${key} ${etag}`;
  }
}

/** Of what was carried out more than once, all but the last time nobody could know. */
function* stepsPaidTwice({ ports: { bill, cloud } }: ChaosStory) {
  const isQuiet = ({ jobId }: Ask) =>
    jobId !== undefined &&
    cloud.jobs.some(({ id, state }) => id === jobId && state === 'submitted');
  for (const [step, asks] of bill.steps()) {
    const carriedOut = asks.filter(({ outcome }) => outcome === 'carried out');
    for (const ask of carriedOut.slice(0, -1)) {
      if (!wasNotKept(ask) && !isQuiet(ask)) yield `carried out again: ${step}`;
    }
  }
}

function* jobsNotSettled({ ports }: ChaosStory, { jobs, entries }: Kept) {
  for (const job of jobs) if (!hasEnded(job)) yield `${job.state}: ${job.id}`;
  const states = new Map(entries.map(({ step, state }) => [step.id as string, state.is]));
  for (const { id, step } of ports.cloud.jobs) {
    const state = states.get(step.id);
    if (state !== 'done' && state !== 'dead') yield `not settled: job ${id}, ${state}`;
  }
}

function* budgetsExceeded({ ports }: ChaosStory) {
  const { requests } = ports.bill;
  for (const [what, limit, counted] of [
    ['requests', REQUESTS_A_DAY, requests],
    ['clips', CLIPS_A_DAY, requests.filter(({ isJob }) => isJob)],
  ] as const) {
    const days = new Map<number, number>();
    for (const { at } of counted) {
      const day = Math.floor(at / DAY);
      const toMidnight = Math.min(at - day * DAY, (day + 1) * DAY - at);
      if (toMidnight > AROUND_MIDNIGHT_MS) days.set(day, (days.get(day) ?? 0) + 1);
    }
    for (const [day, spent] of days) {
      if (spent > limit)
        yield `${spent} ${what} of ${limit} on ${new Date(day * DAY).toISOString()}`;
    }
  }
}

/** Each at least once, always in the same words. */
function* noticesMissing({ ports: { heard } }: ChaosStory, { entries, jobs, deliveries }: Kept) {
  const givenUp = new Set(deliveries.flatMap(({ id, state }) => (state === 'given-up' ? id : [])));
  const due = [
    ...entries.map(({ step, state }) => `${step.id}.${state.is}`),
    ...jobs.map(({ id, state }) => `${id}.${state}`),
  ];
  for (const id of due) if (!heard.has(id) && !givenUp.has(id)) yield `not told: ${id}`;
  for (const [id, bodies] of heard) {
    if (new Set(bodies).size > 1) yield `told in other words: ${id}`;
  }
}
