import { readVersioning, writeVersioning } from '../../shared/wire/versioning.ts';
import { CosError } from './errors.ts';
import type { CosOperation } from './exchange.ts';
import { xmlAnswer } from './stored.ts';
import { xmlBody } from './xml-body.ts';

export const getBucketVersioning: CosOperation = {
  name: 'GetBucketVersioning',
  method: 'GET',
  on: 'bucket',
  query: 'versioning',
  action: 'cos:GetBucketVersioning',
  run: () => xmlAnswer(writeVersioning('never')),
};

/** Off is what it always is; anything else would be a promise the engine does not keep. */
export const putBucketVersioning: CosOperation = {
  name: 'PutBucketVersioning',
  method: 'PUT',
  on: 'bucket',
  query: 'versioning',
  action: 'cos:PutBucketVersioning',
  async run(exchange) {
    if (readVersioning(await xmlBody(exchange)) === 'never') return { status: 200, headers: {} };
    throw new CosError('NotImplemented', {
      message: 'The engine keeps no versions: versioning cannot be enabled or suspended here.',
    });
  },
};
