import type { ApiAction, ApiCall } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import type { StoredFunction, StoredTrigger } from '../stored-function.ts';
import { cosDescription, readCosTrigger } from '../triggers/cos-trigger.ts';
import { readTimerDescription } from '../triggers/timer-trigger.ts';
import { readUrlDescription, urlDescription } from '../triggers/url-trigger.ts';
import { mustBeStill, needFunction, resourceOfCall } from './function-fields.ts';
import { triggerView } from './trigger-view.ts';

const NAMED = ['FunctionName', 'Namespace', 'TriggerName', 'Type', 'Qualifier'];
const TYPES = ['cos', 'timer', 'http'] as const;
const TRIGGER_NAME = {
  fits: /^[\w-]{1,60}$/,
  code: 'InvalidParameterValue.TriggerName',
} as const;

export const TRIGGER_ACTIONS: readonly ApiAction[] = [
  {
    name: 'ListTriggers',
    fields: ['FunctionName', 'Namespace', 'Offset', 'Limit', 'OrderBy', 'Order', 'Filters'],
    permission: 'scf:ListTriggers',
    resourceOf: resourceOfCall,
    run(call) {
      const triggers = call.service.triggers.of(needFunction(call));
      const offset = call.fields.whole('Offset', { min: 0, max: 1000 }) ?? 0;
      const limit = call.fields.whole('Limit', { min: 1, max: 100 }) ?? 20;
      return {
        TotalCount: triggers.length,
        Triggers: triggers.slice(offset, offset + limit).map(triggerView),
      };
    },
  },
  {
    name: 'CreateTrigger',
    fields: [...NAMED, 'TriggerDesc', 'Enable', 'CustomArgument', 'Description'],
    permission: 'scf:CreateTrigger',
    async run(call) {
      const { service } = call;
      const stored = needFunction(call);
      mustBeStill(stored, 'FailedOperation.CreateTrigger');
      const now = service.now();
      const said = saidIn(call, { enabled: true, message: '', remark: '' });
      const trigger: StoredTrigger = {
        ...(await describedIn(call, stored)),
        ...said,
        added: now,
        changed: now,
      };
      await service.triggers.add(stored, trigger);
      return { TriggerInfo: triggerView(trigger) };
    },
  },
  {
    name: 'UpdateTrigger',
    fields: [...NAMED, 'TriggerDesc', 'Enable', 'CustomArgument', 'Description'],
    permission: 'scf:UpdateTrigger',
    resourceOf: resourceOfCall,
    async run(call) {
      const { service, fields } = call;
      const stored = needFunction(call);
      const before = needTrigger(call, stored);
      if (before.type === 'cos') {
        throw new ApiError(
          'UnsupportedOperation.Trigger',
          'A COS trigger is not changed: it is removed and made anew.',
        );
      }
      const text = fields.text('TriggerDesc');
      const described =
        text === undefined ? {} : { description: descriptionOf(before, text, stored) };
      const after = { ...before, ...described, ...saidIn(call, before), changed: service.now() };
      await service.triggers.replace(stored, before, after);
      return { TriggerInfo: triggerView(after) };
    },
  },
  {
    name: 'DeleteTrigger',
    fields: [...NAMED, 'TriggerDesc'],
    permission: 'scf:DeleteTrigger',
    resourceOf: resourceOfCall,
    async run(call) {
      const stored = needFunction(call);
      await call.service.triggers.remove(stored, needTrigger(call, stored));
      return {};
    },
  },
];

function typeIn({ fields }: ApiCall): StoredTrigger['type'] {
  fields.needText('Type');
  const type = TYPES.find((each) => each === fields.text('Type'));
  if (type) return type;
  throw new ApiError(
    'InvalidParameterValue.Type',
    `Triggers are ${TYPES.join(', ')} in the Darkroom engine.`,
  );
}

type Described = Pick<StoredTrigger, 'type' | 'name' | 'description' | 'qualifier' | 'label'>;

async function describedIn(call: ApiCall, stored: StoredFunction): Promise<Described> {
  const { fields, service } = call;
  const type = typeIn(call);
  const text = fields.needText('TriggerDesc');
  const qualifier = fields.text('Qualifier') ?? '$LATEST';
  if (type === 'cos') {
    const name = fields.needText('TriggerName', { most: 200 });
    const trigger = readCosTrigger(name, text);
    mustBeBindable(call, trigger, stored);
    return { type, name, description: cosDescription(trigger), qualifier };
  }
  const name = fields.needText('TriggerName', TRIGGER_NAME);
  if (type === 'timer') {
    return { type, name, description: readTimerDescription(text), qualifier };
  }
  if (service.triggers.of(stored).some((each) => each.type === 'http')) {
    throw new ApiError('ResourceInUse.Trigger', 'The function has an address already.');
  }
  const label = service.triggers.newLabel();
  const description = urlDescription(readUrlDescription(text), label, stored.region);
  return { type, name, description, qualifier, label };
}

function mustBeBindable(
  { service }: ApiCall,
  { bucket, region }: { readonly bucket: string; readonly region: string },
  stored: StoredFunction,
): void {
  if (!service.identities.asRole('SCF_QcsRole', 'scf.qcloud.com')) {
    throw new ApiError(
      'FailedOperation.QcsRoleNotFound',
      'The role SCF_QcsRole does not exist; the console makes it when the service is opened.',
    );
  }
  const actual = service.regionOfBucket(bucket);
  if (actual === undefined || actual !== region) {
    throw new ApiError('ResourceNotFound.Cos', `There is no bucket "${bucket}" in ${region}.`);
  }
  if (region === stored.region) return;
  throw new ApiError(
    'InvalidParameterValue.Cos',
    `The bucket is in ${region} and the function in ${stored.region}: both have to be in one region.`,
  );
}

function descriptionOf(
  { type, label = '' }: StoredTrigger,
  text: string,
  { region }: StoredFunction,
): StoredTrigger['description'] {
  return type === 'timer'
    ? readTimerDescription(text)
    : urlDescription(readUrlDescription(text), label, region);
}

function saidIn(
  { fields }: ApiCall,
  before: Pick<StoredTrigger, 'enabled' | 'message' | 'remark'>,
): Pick<StoredTrigger, 'enabled' | 'message' | 'remark'> {
  const enable = fields.oneOf('Enable', ['OPEN', 'CLOSE'], 'InvalidParameterValue.Enable');
  const message = fields.text('CustomArgument', {
    ...{ most: 4096, code: 'InvalidParameterValue.CustomArgument' },
  });
  return {
    enabled: enable === undefined ? before.enabled : enable === 'OPEN',
    message: message ?? before.message,
    remark: fields.text('Description', { most: 1000 }) ?? before.remark,
  };
}

/** COS triggers of one bucket have one name, so that what they say has to be said as well. */
function needTrigger(call: ApiCall, stored: StoredFunction): StoredTrigger {
  const { fields, service } = call;
  const type = typeIn(call);
  const name = fields.needText('TriggerName', { most: 200 });
  const named = service.triggers
    .of(stored)
    .filter((each) => each.type === type && each.name === name);
  const text = type === 'cos' ? fields.text('TriggerDesc') : undefined;
  const wanted =
    text === undefined ? undefined : JSON.stringify(cosDescription(readCosTrigger(name, text)));
  const found = named.filter(
    ({ description }) => wanted === undefined || JSON.stringify(description) === wanted,
  );
  const [only, ...more] = found;
  if (!only) throw new ApiError('ResourceNotFound.Trigger', `There is no such trigger "${name}".`);
  if (more.length === 0) return only;
  throw new ApiError(
    'MissingParameter',
    'Several triggers have this name: the request is missing the parameter `TriggerDesc`.',
  );
}
