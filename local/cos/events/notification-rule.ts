import type { CosErrorCode } from '../errors.ts';

/** Which events of a bucket go to whom. */
export interface NotificationRule {
  /** Unique in its bucket. */
  readonly id: string;
  readonly bucket: string;
  /** `cos:ObjectCreated:Put`, or `cos:ObjectCreated:*` for all of a kind. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
  /** Whoever is subscribed under this name, such as a function. */
  readonly subscriber: string;
  readonly enabled: boolean;
}

/** Why a rule cannot be had: an error of the service, and the rule that is in its way. */
export interface RuleRefusal {
  readonly status: 'refused';
  readonly code: Extract<CosErrorCode, `NotifyRule${string}` | 'InvalidArgument'>;
  readonly message: string;
  readonly conflictsWith?: NotificationRule;
}

/** What a rule may listen to. Older pages of the service have `Append`, newer ones leave it out. */
const EVENT_NAMES: ReadonlySet<string> = new Set([
  'cos:ObjectCreated:*',
  'cos:ObjectCreated:Put',
  'cos:ObjectCreated:Post',
  'cos:ObjectCreated:Copy',
  'cos:ObjectCreated:Append',
  'cos:ObjectCreated:CompleteMultipartUpload',
  'cos:ObjectCreated:Origin',
  'cos:ObjectCreated:Replication',
  'cos:ObjectRemove:*',
  'cos:ObjectRemove:Delete',
  'cos:ObjectRemove:DeleteMarkerCreated',
  'cos:ObjectRestore:Post',
  'cos:ObjectRestore:Completed',
]);

/** As long as a key may be: a longer prefix or suffix matches nothing. */
const MAX_FILTER = 850;

/**
 * The rule an event goes by. There is at most one, because rules that could both match are refused.
 */
export function ruleFor(
  rules: readonly NotificationRule[],
  name: string,
  key: string,
): NotificationRule | undefined {
  return rules.find(
    ({ enabled, events, prefix, suffix }) =>
      enabled &&
      key.startsWith(prefix) &&
      key.endsWith(suffix) &&
      events.some((event) => covers(event, name)),
  );
}

/** Why this rule cannot stand beside the others of its bucket; nothing when it can. */
export function refusalOf(
  rule: NotificationRule,
  others: readonly NotificationRule[],
): RuleRefusal | undefined {
  if (rule.events.length === 0) return invalid('A notification names at least one event.');
  const unknown = rule.events.find((event) => !EVENT_NAMES.has(event));
  if (unknown !== undefined) {
    return invalid(`"${unknown.slice(0, 80)}" is no event a notification can name.`);
  }
  if (rule.prefix.length > MAX_FILTER || rule.suffix.length > MAX_FILTER) {
    return invalid(`A prefix or suffix has at most ${MAX_FILTER} characters.`);
  }
  for (const other of others) {
    const refusal = conflictOf(rule, other);
    if (refusal) return refusal;
  }
  return undefined;
}

/**
 * Two rules conflict when one object could raise an event for both. The service has a code for each
 * part that may be the reason; ours names the part in which the two differ. A disabled rule counts,
 * so that enabling it is never refused.
 */
function conflictOf(rule: NotificationRule, other: NotificationRule): RuleRefusal | undefined {
  const event = rule.events.find((one) =>
    other.events.some((another) => covers(one, another) || covers(another, one)),
  );
  if (event === undefined) return undefined;
  const [a, b] = [rule.prefix, other.prefix];
  if (!a.startsWith(b) && !b.startsWith(a)) return undefined;
  const [c, d] = [rule.suffix, other.suffix];
  if (!c.endsWith(d) && !d.endsWith(c)) return undefined;

  const refused = (code: RuleRefusal['code'], what: string): RuleRefusal => ({
    status: 'refused',
    code,
    message: `${what} overlaps with that of "${other.id}", which takes ${event} to ${other.subscriber}.`,
    conflictsWith: other,
  });
  if (a !== b) return refused('NotifyRulePrefixConflict', `The prefix "${a}"`);
  if (c !== d) return refused('NotifyRuleSuffixConflict', `The suffix "${c}"`);
  return refused('NotifyRuleEventConflict', `The event ${event} of the same objects`);
}

function covers(listed: string, name: string): boolean {
  return listed === name || (listed.endsWith(':*') && name.startsWith(listed.slice(0, -1)));
}

function invalid(message: string): RuleRefusal {
  return { status: 'refused', code: 'InvalidArgument', message };
}
