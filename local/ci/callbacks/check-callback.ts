import type { JobCallback } from '../../../shared/wire/job-callback.ts';
import { reasonNotToFetch } from '../../server/fetch-guarded.ts';
import type { EndedJob } from '../callbacks-port.ts';
import { invalid, notHere } from '../ci-error.ts';
import { NOBODY } from './whom-to-tell.ts';

const MQ_REGIONS = ['sh', 'bj', 'gz', 'cd', 'hk'];
const MQ_MODES = ['Topic', 'Queue'];
const MAX_MQ_NAME = 128;

/** An address as far as it can be judged before anybody is asked. */
type CheckAddress = (url: string) => string | undefined;

export function addressCheck(allowPrivate: boolean): CheckAddress {
  return (url) => reasonNotToFetch(url, { allowPrivate });
}

/** Refuses a job that could not tell of its end in the way it asks for. */
export function checkCallback({ url, type, queue }: JobCallback, check: CheckAddress): void {
  mustBeHere(type);
  if (url !== undefined && url !== NOBODY) mustBeAddress('CallBack', url, check);
  if (queue) mustBeTopic(queue);
}

/** Refuses a change of a queue for the same reasons. */
export function checkNotification(notify: EndedJob['notify'], check: CheckAddress): void {
  const { type, url, mqName, mqRegion = '', mqMode = 'Queue' } = notify;
  mustBeHere(type);
  if (url !== undefined) mustBeAddress('Url', url, check);
  if (type === 'TDMQ' || mqName !== undefined) {
    mustBeTopic({ name: mqName ?? '', region: mqRegion, mode: mqMode });
  }
}

function mustBeHere(type: string | undefined): void {
  if (type === 'Kafka') throw notHere('callbacks through Kafka');
  if (type === undefined || type === 'Url' || type === 'TDMQ') return;
  throw invalid(`Callbacks are made by Url or TDMQ, and not by "${type.slice(0, 60)}".`);
}

function mustBeAddress(field: string, url: string, check: CheckAddress): void {
  const reason = check(url);
  if (reason !== undefined) throw invalid(`${field} cannot be called back: ${reason}.`);
}

function mustBeTopic({ name, region, mode }: NonNullable<JobCallback['queue']>): void {
  if (name === '' || name.length > MAX_MQ_NAME) {
    throw invalid(`MqName has 1 to ${MAX_MQ_NAME} characters.`);
  }
  if (!MQ_REGIONS.includes(region)) throw invalid(`MqRegion is one of ${MQ_REGIONS.join(', ')}.`);
  if (!MQ_MODES.includes(mode)) throw invalid(`MqMode is one of ${MQ_MODES.join(', ')}.`);
}
