import type { Place } from '../plan/places.ts';

/** Objects, and processing while it is waited for. */
export function cosHost({ bucket, region }: Place): string {
  return `${bucket}.cos.${region}.myqcloud.com`;
}

/** Jobs. */
export function ciHost({ bucket, region }: Place): string {
  return `${bucket}.ci.${region}.myqcloud.com`;
}
