import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../../shared/core/fault.ts';

/** Beside the built command; from the sources, where the build puts it. */
export function processFile(): string {
  const places = ['../local/function-process.cjs', '../../../dist/local/function-process.cjs'];
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((path) => existsSync(path));
  if (found) return found;
  throw new Fault('BUILD_MISSING', 'The process of functions is not built', {
    hint: 'Run "npm run ready".',
  });
}
