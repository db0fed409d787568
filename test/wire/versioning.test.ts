import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readVersioning, type Versioning, writeVersioning } from '../../shared/wire/versioning.ts';
import { describeFormat } from './wire-format.ts';

describeFormat<Versioning>({
  root: 'VersioningConfiguration',
  read: readVersioning,
  write: writeVersioning,
  examples: [
    [
      'on',
      'enabled',
      '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
    ],
    [
      'off, with old versions still there',
      'suspended',
      '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>',
    ],
    ['never on', 'never', '<VersioningConfiguration/>'],
  ],
  values: fc.constantFrom<Versioning[]>('enabled', 'suspended', 'never'),
});

test.for(['enabled', 'On', '__proto__', 'constructor'])('the status %s is refused', (status) => {
  const body = `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;

  expect(() => readVersioning(body)).toThrow('Versioning is neither enabled nor suspended');
});
