import type { ApiAction } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import { ACCOUNT_MB } from '../host/host.ts';
import { needFunction, resourceOfCall } from './function-fields.ts';

const NAMED = ['FunctionName', 'Namespace'];
/** The least of an account's concurrency that has to stay for everybody, in MB. */
const UNRESERVED_MB = 12_800;

/** How often and how long a function is tried, and how much of it may run at the same time. */
export const LIMIT_ACTIONS: readonly ApiAction[] = [
  {
    name: 'GetFunctionEventInvokeConfig',
    fields: [...NAMED, 'Qualifier'],
    permission: 'scf:GetFunctionEventInvokeConfig',
    resourceOf: resourceOfCall,
    run(call) {
      const { retries, maxAgeSeconds } = needFunction(call);
      return {
        AsyncTriggerConfig: { RetryConfig: [{ RetryNum: retries }], MsgTTL: maxAgeSeconds },
      };
    },
  },
  {
    name: 'UpdateFunctionEventInvokeConfig',
    fields: [...NAMED, 'AsyncTriggerConfig'],
    permission: 'scf:UpdateFunctionEventInvokeConfig',
    resourceOf: resourceOfCall,
    async run(call) {
      const stored = needFunction(call);
      const code = 'InvalidParameterValue.AsyncTriggerConfig';
      const config = call.fields.needObject('AsyncTriggerConfig');
      const [retry] = config.objects('RetryConfig', 1, code) ?? [];
      const retries = retry?.whole('RetryNum', { min: 0, max: 2, code }) ?? stored.retries;
      const maxAgeSeconds =
        config.whole('MsgTTL', { min: 60, max: 21_600, code }) ?? stored.maxAgeSeconds;
      await call.service.functions.set(stored, { retries, maxAgeSeconds });
      return {};
    },
  },
  {
    name: 'PutReservedConcurrencyConfig',
    fields: [...NAMED, 'ReservedConcurrencyMem'],
    permission: 'scf:PutReservedConcurrencyConfig',
    resourceOf: resourceOfCall,
    async run(call) {
      const { service, fields } = call;
      const stored = needFunction(call);
      const reserved = fields.needWhole('ReservedConcurrencyMem', { min: 0, max: ACCOUNT_MB });
      const others = service.functions.tables
        .all()
        .filter(({ region, id }) => region === stored.region && id !== stored.id)
        .reduce((sum, other) => sum + (other.reserved ?? 0), 0);
      if (others + reserved > ACCOUNT_MB - UNRESERVED_MB) {
        throw new ApiError(
          'FailedOperation.ReservedExceedTotal',
          `${UNRESERVED_MB} MB of ${ACCOUNT_MB} have to stay unreserved.`,
        );
      }
      await service.functions.set(stored, { reserved });
      return {};
    },
  },
  {
    name: 'GetReservedConcurrencyConfig',
    fields: NAMED,
    permission: 'scf:GetReservedConcurrencyConfig',
    resourceOf: resourceOfCall,
    run(call) {
      const { reserved } = needFunction(call);
      return { ReservedMem: reserved ?? null };
    },
  },
  {
    name: 'DeleteReservedConcurrencyConfig',
    fields: NAMED,
    permission: 'scf:DeleteReservedConcurrencyConfig',
    resourceOf: resourceOfCall,
    async run(call) {
      await call.service.functions.unreserve(needFunction(call));
      return {};
    },
  },
];
