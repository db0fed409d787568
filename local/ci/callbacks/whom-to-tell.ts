import type { EndedJob } from '../callbacks-port.ts';
import type { CallbackFormat, CallbackTarget } from './callback-entry.ts';

/** Written instead of an address, it keeps even the queue from telling anybody. */
export const NOBODY = 'no';

const EVENT = 'TaskFinish';

interface Told {
  readonly target: CallbackTarget;
  readonly format: CallbackFormat;
}

/**
 * Whom the end of a job is told, if anybody. What the job says goes before what its queue says, each
 * setting by itself: a job may leave the address to its queue and ask for another format.
 */
export function whomToTell({
  callback,
  notify,
}: Pick<EndedJob, 'callback' | 'notify'>): Told | undefined {
  const target = ownTarget(callback) ?? queueTarget(notify);
  if (callback.url === NOBODY || !target) return undefined;
  const format = callback.format ?? (notify.resultFormat === 'JSON' ? 'JSON' : 'XML');
  return { target, format };
}

function ownTarget({ url, type, queue }: EndedJob['callback']): CallbackTarget | undefined {
  if (type === 'TDMQ') {
    return queue && { to: 'topic', topic: queue.name, region: queue.region };
  }
  return url === undefined ? undefined : { to: 'address', url };
}

/** A queue that does not say of what it tells, tells of jobs: it has nothing else here. */
function queueTarget(notify: EndedJob['notify']): CallbackTarget | undefined {
  const { state, type, event = EVENT, url, mqName, mqRegion = '' } = notify;
  if (state !== 'On' || !event.split(',').some((name) => name.trim() === EVENT)) return undefined;
  if (type === 'TDMQ') return mqName ? { to: 'topic', topic: mqName, region: mqRegion } : undefined;
  return url ? { to: 'address', url } : undefined;
}
