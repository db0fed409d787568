import { type JsonObject, jsonValue } from './json.ts';
import { isJsonObject, textIn } from './json-object.ts';

/** What reprocess is invoked with for one stored run. */
export function writeRunEvent(runId: string): JsonObject {
  return { run: runId };
}

/** The run that an event is about; nothing where it is a tick of a timer, or anything else. */
export function readRunEvent(event: unknown): string | undefined {
  const root = jsonValue(event);
  return isJsonObject(root) ? textIn(root, 'run') : undefined;
}
