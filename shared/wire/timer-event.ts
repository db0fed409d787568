import { Fault } from '../core/fault.ts';
import { readIsoTime, writeIsoSeconds } from './iso-time.ts';
import { type JsonObject, jsonValue } from './json.ts';
import { isJsonObject, textIn } from './json-object.ts';

/** A tick of a timer trigger. */
export interface TimerEvent {
  readonly trigger: string;
  /** When it was due, in milliseconds; missing when the platform wrote what is no time. */
  readonly at?: number;
  /** What the trigger was told to pass on, as it was written; empty when it was told nothing. */
  readonly message: string;
}

export function readTimerEvent(event: unknown): TimerEvent {
  const root = jsonValue(event);
  if (!isJsonObject(root) || root.Type !== 'Timer') {
    throw new Fault('EVENT_UNREADABLE', 'An event is no tick of a timer');
  }
  const at = readIsoTime(textIn(root, 'Time') ?? '');
  return {
    trigger: textIn(root, 'TriggerName') ?? '',
    ...(at !== undefined && { at }),
    message: textIn(root, 'Message') ?? '',
  };
}

export function writeTimerEvent(tick: Required<TimerEvent>): JsonObject {
  return {
    Type: 'Timer',
    TriggerName: tick.trigger,
    Time: writeIsoSeconds(tick.at),
    Message: tick.message,
  };
}
