import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../scripts/generated.ts';

const root = join(import.meta.dirname, '..', '..');

test.for(generatedFiles().map(({ path, text }) => [path, text] as const))(
  '%s is what npm run generate would write',
  ([path, text]) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text);
  },
);
