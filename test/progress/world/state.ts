import type { StepId } from '../../../shared/plan/plan.ts';
import type { Checkpoint } from '../../../shared/progress/checkpoint.ts';
import type { Delivery } from '../../../shared/progress/delivery.ts';
import type { Entry } from '../../../shared/progress/entry.ts';
import type { Job } from '../../../shared/progress/job.ts';
import type { Block } from '../../../shared/progress/purse.ts';
import { readBlock } from '../../../shared/progress/read-block.ts';
import { readCheckpoint } from '../../../shared/progress/read-checkpoint.ts';
import { readDelivery } from '../../../shared/progress/read-delivery.ts';
import { readEntry } from '../../../shared/progress/read-entry.ts';
import { readJob } from '../../../shared/progress/read-job.ts';

/** What a bucket can do: hold texts, and refuse to write where there is something already. */
export class State {
  readonly #entries = new Map<StepId, string[]>();
  readonly #byTarget = new Map<string, Set<StepId>>();
  readonly #jobs = new Map<string, string>();
  readonly #outbox = new Map<string, string>();
  readonly #blocks = new Map<string, string[]>();
  readonly #checkpoints = new Map<string, string[]>();

  entry(id: StepId): Entry | undefined {
    const text = this.#entries.get(id)?.at(-1);
    return text === undefined ? undefined : readEntry(text);
  }

  entries(): Entry[] {
    return [...this.#entries.values()].flatMap((texts) => texts.slice(-1).map(readEntry));
  }

  /** Whether the entry was written: not where this revision is there already. */
  createEntry(entry: Entry): boolean {
    return createAt(this.#entries, entry.step.id, entry.revision - 1, entry);
  }

  rememberTarget(key: string, step: StepId): void {
    this.#byTarget.set(key, new Set([...(this.#byTarget.get(key) ?? []), step]));
  }

  entriesAt(key: string): Entry[] {
    return [...(this.#byTarget.get(key) ?? [])].flatMap((id) => this.entry(id) ?? []);
  }

  job(id: string): Job | undefined {
    const text = this.#jobs.get(id);
    return text === undefined ? undefined : readJob(text);
  }

  jobs(): Job[] {
    return [...this.#jobs.values()].map(readJob);
  }

  saveJob(job: Job): void {
    this.#jobs.set(job.id, JSON.stringify(job));
  }

  deliveries(): Delivery[] {
    return [...this.#outbox.values()].map(readDelivery);
  }

  createDelivery(delivery: Delivery): void {
    const name = `${delivery.id} to ${delivery.target}`;
    if (!this.#outbox.has(name)) this.#outbox.set(name, JSON.stringify(delivery));
  }

  saveDelivery(delivery: Delivery): void {
    this.#outbox.set(`${delivery.id} to ${delivery.target}`, JSON.stringify(delivery));
  }

  counters(): string[] {
    return [...this.#blocks.keys()];
  }

  blocks(counter: string): Block[] {
    return (this.#blocks.get(counter) ?? []).map(readBlock);
  }

  createBlock(counter: string, block: Block): boolean {
    return createAt(this.#blocks, counter, block.index, block);
  }

  checkpoint(backfill: string): Checkpoint | undefined {
    const text = this.#checkpoints.get(backfill)?.at(-1);
    return text === undefined ? undefined : readCheckpoint(text);
  }

  createCheckpoint(checkpoint: Checkpoint): boolean {
    return createAt(this.#checkpoints, checkpoint.backfill, checkpoint.revision - 1, checkpoint);
  }
}

function createAt<Key>(
  texts: Map<Key, string[]>,
  key: Key,
  index: number,
  value: unknown,
): boolean {
  const there = texts.get(key) ?? [];
  if (there.length !== index) return false;
  texts.set(key, [...there, JSON.stringify(value)]);
  return true;
}
