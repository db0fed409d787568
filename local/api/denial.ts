import type { Caller } from '../cam/caller.ts';
import { statementThatAllows } from '../cam/decide.ts';
import { headerText } from '../cos/authenticate.ts';
import { ALLOW_WITH_HEADER, DENIED_HEADER, refusal } from '../cos/authorise.ts';
import type { Incoming } from '../server/incoming.ts';
import type { ApiService } from './api-action.ts';
import { ApiError } from './api-error.ts';

interface Asking {
  readonly service: Pick<ApiService, 'appid'>;
  readonly incoming: Incoming;
  readonly caller: Caller;
  readonly requestId: string;
}

/** Why a caller may not do this, as the gateway before all services says it; nothing when they may. */
export function denial(
  { service, incoming, caller, requestId }: Asking,
  action: string,
  resource: string,
): ApiError | undefined {
  const facts = {
    'qcs:ip': incoming.remoteAddress.replace(/^::ffff:/, ''),
    'qcs:current_time': new Date(incoming.at).toISOString(),
  };
  const refused = refusal(caller, { action, resource, facts }, service.appid);
  if (!refused) return undefined;
  const because = refused === 'by-statement' ? ', by a deny statement' : '';
  return new ApiError(
    'AuthFailure.UnauthorizedOperation',
    `[request id:${requestId}]you are not authorized to perform operation (${action})\nresource (${resource}) has no permission${because}\n`,
    {
      headers: {
        [DENIED_HEADER]: headerText(`${action} on ${resource}${because}`),
        ...(refused === 'by-statement'
          ? {}
          : { [ALLOW_WITH_HEADER]: headerText(statementThatAllows({ action, resource })) }),
      },
    },
  );
}
