import { expect } from 'vitest';
import { Fault } from '../../shared/core/fault.ts';

/** The value, or nothing when a fault was thrown; whatever else is thrown fails the test. */
export function unlessFault<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Fault);
    return undefined;
  }
}
