import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  readStrictSignature,
  type StrictSignatureRule,
  writeStrictSignature,
} from '../../shared/wire/strict-signature.ts';
import { anyText, describeFormat, plainName } from './wire-format.ts';

const list = fc.array(plainName, { maxLength: 3 });

describeFormat<readonly StrictSignatureRule[]>({
  root: 'StrictSignatureConfiguration',
  read: readStrictSignature,
  write: writeStrictSignature,
  examples: [
    [
      'everything must sign its type and length',
      [{ id: 'r1', actions: ['*'], headers: ['Content-Type', 'Content-Length'], params: ['all'] }],
      '<StrictSignatureConfiguration><Rule><ID>r1</ID><actionlist><action>*</action></actionlist>' +
        '<headerlist><header>Content-Type</header><header>Content-Length</header></headerlist>' +
        '<paramlist><param>all</param></paramlist></Rule></StrictSignatureConfiguration>',
    ],
    ['no rule', [], '<StrictSignatureConfiguration/>'],
  ],
  values: fc.array(fc.record({ id: anyText, actions: list, headers: list, params: list }), {
    maxLength: 3,
  }),
});

test('a list that is left out is empty', () => {
  const body =
    '<StrictSignatureConfiguration><Rule><ID>r2</ID>' +
    '<actionlist><action> DeleteObject </action></actionlist>' +
    '<paramlist><param>versionid</param></paramlist></Rule></StrictSignatureConfiguration>';

  expect(readStrictSignature(body)).toEqual([
    { id: 'r2', actions: ['DeleteObject'], headers: [], params: ['versionid'] },
  ]);
});
