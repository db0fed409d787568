import { BEIJING_MS } from '../../../shared/core/cron.ts';

/** A moment as the account APIs write it: without a zone, and in that of Beijing. */
export function serviceTime(ms: number): string {
  return new Date(ms + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ');
}
