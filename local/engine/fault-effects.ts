import { defined } from '../../shared/wire/defined.ts';
import type { JsonObject } from '../../shared/wire/json.ts';
import { API_ERROR_CODES } from '../api/api-error.ts';
import { COS_ERROR_CODES, CosError } from '../cos/errors.ts';
import type { FaultEffect } from '../server/faults.ts';
import { type Fields, may, need, oneOf, type Shape, shape, whole } from './admin/kinds.ts';

interface EffectKind<Effect extends FaultEffect> {
  readonly says: string;
  /** What it takes besides its name; a header has room for the first. */
  readonly fields: Fields;
  read(given: JsonObject, problems: string[]): Effect | undefined;
}

/** Long enough for every client to give up. */
const LONGEST_MS = 600_000;
/** Larger than any body. */
const MOST_BYTES = 10 ** 12;

const ERROR_CODES: readonly string[] = [...COS_ERROR_CODES, ...API_ERROR_CODES];

/** Everything that can be made to go wrong, by what it is called in a rule and in a header. */
export const FAULT_EFFECTS: {
  readonly [Name in FaultEffect['effect']]: EffectKind<Extract<FaultEffect, { effect: Name }>>;
} = {
  status: effect(
    'Answers an error; the operation does not run.',
    shape({
      status: need(whole(400, 599), 'the status'),
      code: may(
        oneOf(ERROR_CODES, 'an error code of the service, such as NoSuchKey'),
        'the code in the body; else the usual one of the status',
      ),
    }),
    (values) => ({ effect: 'status', ...defined(values) }),
  ),
  slow: effect(
    'Waits before the operation runs, by the real clock and not by that of the engine.',
    shape({ ms: need(whole(0, LONGEST_MS), 'how long, in milliseconds') }),
    ({ ms }) => ({ effect: 'slow', ms }),
  ),
  cut: effect(
    'Runs the operation and cuts off the body of the answer.',
    shape({
      afterBytes: need(whole(0, MOST_BYTES), 'how much of the body still comes'),
    }),
    ({ afterBytes }) => ({ effect: 'cut', afterBytes }),
  ),
  reset: effect('Resets the connection; the operation does not run.', shape({}), () => ({
    effect: 'reset',
  })),
  'lose-answer': effect(
    'Runs the operation and resets the connection instead of answering.',
    shape({}),
    () => ({ effect: 'lose-answer' }),
  ),
  corrupt: effect(
    'Runs the operation and changes one byte of the body of the answer.',
    shape({}),
    () => ({ effect: 'corrupt' }),
  ),
  'slow-active': effect(
    'A function that is made or changed takes so long to become active, by the real clock.',
    shape({ ms: need(whole(0, LONGEST_MS), 'how long, in milliseconds') }),
    ({ ms }) => ({ effect: 'slow-active', ms }),
  ),
  'fail-active': effect(
    'A function that is made or changed ends as CreateFailed or UpdateFailed.',
    shape({}),
    () => ({ effect: 'fail-active' }),
  ),
  throttle: effect(
    'Answers SlowDown with Retry-After, 503 for an object and 429 for a job, and RequestLimitExceeded for a call; the operation does not run.',
    shape({
      retryAfterSeconds: may(whole(0, 3600), 'when to come again, in seconds; 1 unless given'),
    }),
    (values) => ({ effect: 'throttle', ...defined(values) }),
  ),
};

function effect<T, Effect extends FaultEffect>(
  says: string,
  takes: Shape<T>,
  make: (values: T) => Effect,
): EffectKind<Effect> {
  return {
    says,
    fields: takes.fields,
    read(given, problems) {
      const values = takes.read(given, '', problems);
      return values && make(values);
    },
  };
}

export const FAULT_EFFECT_NAMES = Object.keys(FAULT_EFFECTS) as readonly FaultEffect['effect'][];

/** A client asks for a fault in a request of its own: `slow=2000`, `status=503`, `reset`. */
export const FAULT_HEADER = 'x-darkroom-fault';
const HEADER_VALUE = /^([a-z-]{1,20})(?:=(\d{1,15}))?$/;

export function faultInHeader(value: string): FaultEffect {
  const [, word, number] = HEADER_VALUE.exec(value) ?? [];
  const name = FAULT_EFFECT_NAMES.find((each) => each === word);
  if (!name) throw unreadable(`It starts with one of ${FAULT_EFFECT_NAMES.join(', ')}`);
  const { fields, read } = FAULT_EFFECTS[name];
  const [first] = Object.keys(fields);
  if (first === undefined && number !== undefined) throw unreadable(`"${name}" takes no number`);

  const problems: string[] = [];
  const given = first === undefined || number === undefined ? {} : { [first]: Number(number) };
  const asked = read(given, problems);
  if (!asked) throw unreadable(`In "${value}", ${problems.join('; ')}`);
  return asked;
}

function unreadable(why: string): CosError {
  return new CosError('InvalidArgument', { message: `${FAULT_HEADER} cannot be read. ${why}.` });
}
