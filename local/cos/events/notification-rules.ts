import type { Storage } from '../storage/storage.ts';
import type { Table } from '../storage/table.ts';
import { type NotificationRule, type RuleRefusal, refusalOf } from './notification-rule.ts';

const TABLE = 'event-rules';
const NONE: readonly NotificationRule[] = [];

/** The rules of all buckets: durable, and in memory for whoever writes an object. */
export class NotificationRules {
  readonly #table: Table<readonly NotificationRule[]>;
  readonly #byBucket = new Map<string, readonly NotificationRule[]>();

  constructor(storage: Pick<Storage, 'table'>) {
    this.#table = storage.table(TABLE);
    this.reload();
  }

  /** A rule with the same id is replaced. */
  async add(rule: NotificationRule): Promise<{ readonly status: 'added' } | RuleRefusal> {
    let refusal: RuleRefusal | undefined;
    await this.#change(rule.bucket, (rules) => {
      const others = rules.filter(({ id }) => id !== rule.id);
      refusal = refusalOf(rule, others);
      return refusal ? rules : [...others, rule];
    });
    return refusal ?? { status: 'added' };
  }

  async remove(bucket: string, id: string): Promise<{ readonly status: 'removed' | 'no-rule' }> {
    let status: 'removed' | 'no-rule' = 'no-rule';
    await this.#change(bucket, (rules) => {
      const others = rules.filter((rule) => rule.id !== id);
      if (others.length < rules.length) status = 'removed';
      return others;
    });
    return { status };
  }

  async forget(bucket: string): Promise<void> {
    if (this.#byBucket.has(bucket)) await this.#change(bucket, () => NONE);
  }

  of(bucket: string): readonly NotificationRule[] {
    return this.#byBucket.get(bucket) ?? NONE;
  }

  all(): readonly NotificationRule[] {
    return [...this.#byBucket.values()].flat();
  }

  /** Forgets what was read, after the storage was put back to another state. */
  reload(): void {
    this.#byBucket.clear();
    for (const [bucket, rules] of this.#table.range()) this.#byBucket.set(bucket, rules);
  }

  async #change(
    bucket: string,
    change: (rules: readonly NotificationRule[]) => readonly NotificationRule[],
  ): Promise<void> {
    await this.#table.update(bucket, (rules = NONE) => {
      const after = change(rules);
      return after.length > 0 ? after : undefined;
    });
    const rules = this.#table.get(bucket);
    if (rules) this.#byBucket.set(bucket, rules);
    else this.#byBucket.delete(bucket);
  }
}
