import { Fault } from '../../shared/core/fault.ts';
import type { JsonObject } from '../../shared/wire/json.ts';
import type { ApiCall } from '../cloud.ts';
import { functionCall } from '../read-account.ts';
import type { Configuration, Known, Step } from '../step.ts';
import { TRUST_POLICY } from './policies.ts';
import { triggerFields } from './triggers.ts';

const HANDLER = 'index.main_handler';
const QUALIFIER = '$DEFAULT';

/** What a step says over the wire. */
export function requestOf(step: Step, known: Known): ApiCall {
  const cam = (action: string, parameters: JsonObject): ApiCall => ({
    service: 'cam',
    action,
    parameters,
  });
  switch (step.does) {
    case 'create-namespace':
    case 'delete-namespace':
      return {
        service: 'scf',
        action: step.does === 'create-namespace' ? 'CreateNamespace' : 'DeleteNamespace',
        region: step.region,
        parameters: {
          Namespace: step.name,
          ...(step.does === 'create-namespace' ? { Description: step.description } : {}),
        },
      };
    case 'create-role':
      return cam('CreateRole', {
        RoleName: step.name,
        PolicyDocument: JSON.stringify(TRUST_POLICY),
        Description: step.description,
      });
    case 'write-trust':
      return cam('UpdateAssumeRolePolicy', {
        RoleName: step.name,
        PolicyDocument: JSON.stringify(TRUST_POLICY),
      });
    case 'describe-role':
      return cam('UpdateRoleDescription', {
        RoleName: step.name,
        Description: step.description,
      });
    case 'delete-role':
      return cam('DeleteRole', { RoleName: step.name });
    case 'create-policy':
      return cam('CreatePolicy', {
        PolicyName: step.name,
        PolicyDocument: JSON.stringify(step.document),
        Description: step.description,
      });
    case 'write-policy':
      return cam('UpdatePolicy', {
        PolicyId: idOf(step.name, known),
        PolicyName: step.name,
        PolicyDocument: JSON.stringify(step.document),
        Description: step.description,
      });
    case 'delete-policy':
      return cam('DeletePolicy', { PolicyId: [idOf(step.name, known)] });
    case 'attach':
      return cam('AttachRolePolicy', {
        PolicyId: idOf(step.policy, known),
        AttachRoleName: step.role,
      });
    case 'detach':
      return cam('DetachRolePolicy', {
        PolicyId: idOf(step.policy, known),
        DetachRoleName: step.role,
      });
    case 'create-function':
      return functionCall('CreateFunction', step.place, {
        Code: { ZipFile: base64(step.zip) },
        Handler: HANDLER,
        Runtime: step.runtime,
        Type: 'Event',
        ...configurationFields(step.configuration, known),
      });
    case 'write-code':
      return functionCall('UpdateFunctionCode', step.place, {
        Handler: HANDLER,
        ZipFile: base64(step.zip),
      });
    case 'write-configuration':
      return functionCall(
        'UpdateFunctionConfiguration',
        step.place,
        configurationFields(step.configuration, known),
      );
    case 'delete-function':
      return functionCall('DeleteFunction', step.place);
    case 'await-active':
    case 'await-gone':
      return functionCall('GetFunction', step.place, { ShowCode: 'FALSE' });
    case 'write-repeats':
      return functionCall('UpdateFunctionEventInvokeConfig', step.place, {
        AsyncTriggerConfig: {
          RetryConfig: [{ RetryNum: step.repeats.times }],
          MsgTTL: step.repeats.withinSeconds,
        },
      });
    case 'reserve':
      return functionCall('PutReservedConcurrencyConfig', step.place, {
        ReservedConcurrencyMem: step.memory,
      });
    case 'release':
      return functionCall('DeleteReservedConcurrencyConfig', step.place);
    case 'create-trigger':
    case 'write-trigger':
      return functionCall(
        step.does === 'create-trigger' ? 'CreateTrigger' : 'UpdateTrigger',
        step.place,
        {
          ...triggerFields(step.trigger, step.place.region),
          Qualifier: QUALIFIER,
          Enable: 'OPEN',
        },
      );
    case 'delete-trigger': {
      const { name, type, description } = step.trigger;
      return functionCall('DeleteTrigger', step.place, {
        ...{ TriggerName: name, Type: type, Qualifier: QUALIFIER },
        // Several triggers of one bucket have one name.
        ...(type === 'cos' ? { TriggerDesc: description } : {}),
      });
    }
    case 'learn-address':
      return functionCall('ListTriggers', step.place, { Offset: 0, Limit: 100 });
  }
}

function configurationFields(configuration: Configuration, known: Known): JsonObject {
  const { description, memory, timeoutSeconds, role, environment, logs } = configuration;
  const variables = Object.entries(environment).map(([Key, value]) => ({
    Key,
    Value: typeof value === 'string' ? value : addressIn(known),
  }));
  return {
    Description: description,
    MemorySize: memory,
    Timeout: timeoutSeconds,
    Role: role,
    // An empty list would leave the variables as they are.
    Environment: { Variables: variables.length > 0 ? variables : [{ Key: '', Value: '' }] },
    ...(logs ? { ClsLogsetId: logs.logset, ClsTopicId: logs.topic } : {}),
  };
}

function idOf(policy: string, { policyIds }: Known): number {
  const id = policyIds.get(policy);
  if (id !== undefined) return Number(id);
  throw new Fault('DEPLOYMENT_OVERTAKEN', `The policy ${policy} is gone`);
}

function addressIn({ callbackAddress }: Known): string {
  if (callbackAddress !== undefined) return callbackAddress;
  throw new Fault('DEPLOYMENT_FAILED', 'The account gives no address for on-callback', {
    hint: 'Look for its function URL in the console, and set DARKROOM_CALLBACK_URL to it',
  });
}

function base64(zip: Uint8Array): string {
  return Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength).toString('base64');
}
