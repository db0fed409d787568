import { randomInt } from 'node:crypto';
import { ApiError } from '../../api/api-error.ts';
import type { EngineEvents } from '../../cos/events/open-bucket-events.ts';
import type { FunctionTables } from '../function-tables.ts';
import { type FunctionName, functionKey, type StoredTrigger } from '../stored-function.ts';
import { cosTriggerOf, isOfTrigger, ruleOf } from './cos-trigger.ts';
import type { Timers } from './timers.ts';
import type { UrlPorts } from './url-ports.ts';

interface TriggersOptions {
  readonly tables: FunctionTables;
  readonly rules: EngineEvents['rules'];
  readonly timers: Timers;
  readonly ports: UrlPorts;
  readonly appid: string;
  hasBucket(bucket: string): boolean;
}

const MOST_OF_A_TYPE = 10;
const LABEL_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The triggers of all functions: kept with them, and in force at their buckets and on the clock. */
export class Triggers {
  readonly #options: TriggersOptions;
  /** Whose an address is, by its label. */
  #byLabel:
    | Map<string, { readonly owner: FunctionName; readonly trigger: StoredTrigger }>
    | undefined;

  constructor(options: TriggersOptions) {
    this.#options = options;
  }

  of(owner: FunctionName): readonly StoredTrigger[] {
    return this.#options.tables.triggersOf(owner);
  }

  /** Whom a request to an address of functions is for. */
  atLabel(label: string) {
    if (!this.#byLabel) {
      this.#byLabel = new Map();
      for (const owner of this.#options.tables.all()) {
        for (const trigger of this.of(owner)) {
          if (trigger.label !== undefined) this.#byLabel.set(trigger.label, { owner, trigger });
        }
      }
    }
    return this.#byLabel.get(label);
  }

  /** Where programs on this machine reach a function, besides by its name. */
  localAddress({ label }: Pick<StoredTrigger, 'label'>): string | undefined {
    return label === undefined ? undefined : this.#options.ports.addressOf(label);
  }

  async add(owner: FunctionName, trigger: StoredTrigger): Promise<void> {
    const { tables, rules } = this.#options;
    const there = this.of(owner).filter(({ type }) => type === trigger.type);
    if (there.some((each) => isSame(each, trigger))) {
      throw new ApiError('ResourceInUse.Trigger', `There is a trigger "${trigger.name}" already.`);
    }
    if (there.length >= MOST_OF_A_TYPE) {
      throw new ApiError(
        'LimitExceeded.Trigger',
        `A function has at most ${MOST_OF_A_TYPE} of a type.`,
      );
    }
    if (trigger.type === 'cos') {
      const outcome = await rules.add(ruleOf(owner, cosTriggerOf(trigger), trigger.enabled));
      if (outcome.status === 'refused') {
        const { message, code } = outcome;
        throw code === 'InvalidArgument'
          ? new ApiError('InvalidParameterValue.TriggerDesc', message)
          : new ApiError('InvalidParameterValue.CosNotifyRuleConflict', message);
      }
    }
    await tables.changeTriggers(owner, (triggers) => [...triggers, trigger]);
    await this.#changed(owner);
  }

  async replace(owner: FunctionName, before: StoredTrigger, after: StoredTrigger): Promise<void> {
    await this.#options.tables.changeTriggers(owner, (triggers) =>
      triggers.map((each) => (isSame(each, before) ? after : each)),
    );
    await this.#changed(owner);
  }

  async remove(owner: FunctionName, trigger: StoredTrigger): Promise<void> {
    await this.#options.tables.changeTriggers(owner, (triggers) =>
      triggers.filter((each) => !isSame(each, trigger)),
    );
    if (trigger.type === 'cos') await this.#removeRule(owner, trigger);
    await this.#changed(owner);
  }

  async removeAll(owner: FunctionName): Promise<void> {
    for (const trigger of this.of(owner)) await this.remove(owner, trigger);
  }

  newLabel(): string {
    const characters = Array.from({ length: 10 }, () => LABEL_CHARACTERS[randomInt(36)]);
    return `${this.#options.appid}-${characters.join('')}`;
  }

  /**
   * Puts in force what is kept. A trigger and the notification of its bucket stand in two places; what
   * an engine that was killed left of only one of them is put right here.
   */
  async resume(): Promise<void> {
    const { tables, rules, timers, ports, hasBucket } = this.#options;
    this.#byLabel = undefined;
    timers.stop();
    const wanted = new Set<string>();
    for (const owner of tables.all()) {
      const triggers = this.of(owner);
      timers.set(functionKey(owner), owner, triggers);
      await ports.set(functionKey(owner), owner.region, triggers);
      for (const trigger of triggers) {
        if (trigger.type !== 'cos') continue;
        const rule = ruleOf(owner, cosTriggerOf(trigger), trigger.enabled);
        wanted.add(rule.id);
        const isThere = rules.of(rule.bucket).some(({ id }) => id === rule.id);
        if (!isThere && hasBucket(rule.bucket)) await rules.add(rule);
      }
    }
    for (const rule of rules.all()) {
      if (isOfTrigger(rule) && !wanted.has(rule.id)) await rules.remove(rule.bucket, rule.id);
    }
  }

  stop(): void {
    this.#options.timers.stop();
    this.#options.ports.stop();
  }

  async #removeRule(owner: FunctionName, trigger: StoredTrigger): Promise<void> {
    const { bucket, id } = ruleOf(owner, cosTriggerOf(trigger), trigger.enabled);
    await this.#options.rules.remove(bucket, id);
  }

  async #changed(owner: FunctionName): Promise<void> {
    this.#byLabel = undefined;
    const { timers, ports } = this.#options;
    timers.set(functionKey(owner), owner, this.of(owner));
    await ports.set(functionKey(owner), owner.region, this.of(owner));
  }
}

/** COS triggers of one bucket have one name, and differ in what they say. */
function isSame(one: StoredTrigger, other: StoredTrigger): boolean {
  if (one.type !== other.type || one.name !== other.name) return false;
  return (
    one.type !== 'cos' || JSON.stringify(one.description) === JSON.stringify(other.description)
  );
}
