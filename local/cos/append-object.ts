import { CosError } from './errors.ts';
import type { CosOperation } from './exchange.ts';
import { descriptionIn } from './object-headers.ts';
import { bodyError, bodyOf, expectedBody, raising, storedHeaders } from './stored.ts';

export const appendObject: CosOperation = {
  name: 'AppendObject',
  method: 'POST',
  on: 'object',
  query: 'append',
  action: 'cos:AppendObject',
  async run(exchange) {
    const { service, incoming, query, bucket, key } = exchange;
    const position = query.get('position') ?? '';
    if (!/^\d{1,15}$/.test(position)) {
      throw new CosError('InvalidArgument', { message: 'position is not a whole number.' });
    }
    const outcome = await service.storage.objects.append(
      bucket,
      key,
      Number(position),
      await bodyOf(exchange),
      {
        describe: descriptionIn(incoming.headers),
        expect: expectedBody(exchange),
        also: raising(exchange, 'cos:ObjectCreated:Append'),
      },
    );
    switch (outcome.status) {
      case 'stored':
        service.events.wake();
        return {
          status: 200,
          headers: {
            ...storedHeaders(outcome.record),
            'x-cos-next-append-position': outcome.record.size,
          },
        };
      case 'no-bucket':
        throw new CosError('NoSuchBucket');
      case 'not-appendable':
        throw new CosError('ObjectNotAppendable');
      case 'position-differs':
        throw new CosError('AppendPositionErr', {
          message: `The object has ${outcome.size} bytes.`,
          headers: { 'x-cos-next-append-position': String(outcome.size) },
        });
      case 'body-refused':
        throw bodyError(outcome.because);
    }
  },
};
