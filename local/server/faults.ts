/** What goes wrong, on demand. Before the operation runs, or with its answer. */
export type FaultEffect =
  /** Answers an error instead of running the operation. */
  | { readonly effect: 'status'; readonly status: number; readonly code?: string }
  /** Waits, by the real clock, before the operation runs. */
  | { readonly effect: 'slow'; readonly ms: number }
  /** Runs the operation and cuts the answer off after so many bytes of its body. */
  | { readonly effect: 'cut'; readonly afterBytes: number }
  /** Resets the connection before the operation runs. */
  | { readonly effect: 'reset' }
  /** Runs the operation and resets the connection instead of answering: the outcome is unknown. */
  | { readonly effect: 'lose-answer' }
  /** Runs the operation and changes one byte of the answer's body. */
  | { readonly effect: 'corrupt' }
  /** A function that is made or changed takes so long for it, by the real clock. */
  | { readonly effect: 'slow-active'; readonly ms: number }
  /** A function that is made or changed ends as CreateFailed or UpdateFailed. */
  | { readonly effect: 'fail-active' }
  /** 503 SlowDown with a Retry-After; 429 on a CI host. */
  | { readonly effect: 'throttle'; readonly retryAfterSeconds?: number };

export type FaultRule = FaultEffect & {
  readonly id: string;
  /** Operation names such as `PutObject`; every operation where none is named. */
  readonly operations: readonly string[];
  readonly bucket?: string;
  readonly keyPrefix?: string;
  /** How many of a hundred requests it hits. */
  readonly percent: number;
  /** How many more it hits; nothing for no end. */
  readonly times?: number;
  /** How many it lets pass first. */
  readonly after?: number;
};

export interface FaultTarget {
  readonly operation: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

/** The rules in force. The first that hits a request counts, and is used up by one. */
export interface Faults {
  readonly rules: readonly FaultRule[];
  add(rule: FaultRule): void;
  remove(id: string): boolean;
  clear(): void;
  strike(target: FaultTarget): FaultEffect | undefined;
}

/** `random` gives numbers from 0 up to 1; a test hands in a seeded one. */
export function faultList(random: () => number = Math.random): Faults {
  let rules: FaultRule[] = [];

  function usedOnce(rule: FaultRule): FaultRule[] {
    if (rule.times === undefined) return [rule];
    return rule.times > 1 ? [{ ...rule, times: rule.times - 1 }] : [];
  }

  return {
    get rules() {
      return rules;
    },
    add(rule) {
      rules = [...rules.filter(({ id }) => id !== rule.id), rule];
    },
    remove(id) {
      const before = rules.length;
      rules = rules.filter((rule) => rule.id !== id);
      return rules.length < before;
    },
    clear() {
      rules = [];
    },
    strike(target) {
      if (rules.length === 0) return undefined;
      const rule = rules.find((each) => concerns(each, target) && random() * 100 < each.percent);
      if (!rule) return undefined;
      if (rule.after !== undefined && rule.after > 0) {
        const waiting = { ...rule, after: rule.after - 1 };
        rules = rules.map((each) => (each === rule ? waiting : each));
        return undefined;
      }
      rules = rules.flatMap((each) => (each === rule ? usedOnce(rule) : [each]));
      return rule;
    },
  };
}

function concerns(rule: FaultRule, { operation, bucket, key }: FaultTarget): boolean {
  return (
    (rule.operations.length === 0 || rule.operations.includes(operation)) &&
    (rule.bucket === undefined || rule.bucket === bucket) &&
    (rule.keyPrefix === undefined || (key ?? '').startsWith(rule.keyPrefix))
  );
}

/** The bucket that the official suites send to when they want to see errors. */
export const FAULT_BUCKET = 'cos-sdk-err-retry-1253960454';

/** Keys of that bucket, and what they stand for; an `r` behind it asks for a request id as well. */
const SPOKEN = /^(200|204|206|301|302|400|403|404|500|503|504|shutdown|timeout)(r?)$/;

export interface SpokenFault {
  readonly kind: number | 'shutdown' | 'timeout';
  readonly withRequestId: boolean;
}

/** What a key of the fault bucket asks for, by the vocabulary the official suites share. */
export function spokenFault(key: string): SpokenFault | undefined {
  const [, word, r] = SPOKEN.exec(key) ?? [];
  if (word === undefined) return undefined;
  const kind = word === 'shutdown' || word === 'timeout' ? word : Number(word);
  return { kind, withRequestId: r === 'r' };
}
