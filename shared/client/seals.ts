import { createHmac, timingSafeEqual } from 'node:crypto';
import { Fault } from '../core/fault.ts';
import type { Seals } from '../run/ports.ts';

/** Seals made with the first key, and believed from any: so a key can change while its links live. */
export function openSeals(keys: readonly string[]): Seals {
  const sealWith = (key: string, text: string) =>
    createHmac('sha256', key).update(text).digest('base64url');
  return {
    seal(text) {
      const [key] = keys;
      if (key !== undefined) return sealWith(key, text);
      throw new Fault('SETTINGS_INVALID', 'There is no key to sign with', {
        hint: 'Set DARKROOM_LINK_KEYS for links and uploads, DARKROOM_CALLBACK_SECRETS for callbacks.',
      });
    },
    isSealOf(text, seal) {
      const given = Buffer.from(seal);
      let right = false;
      // Every key is tried, so that the time says nothing about which one it was.
      for (const key of keys) {
        const expected = Buffer.from(sealWith(key, text));
        const equal = given.length === expected.length && timingSafeEqual(given, expected);
        right = equal || right;
      }
      return right;
    },
  };
}
