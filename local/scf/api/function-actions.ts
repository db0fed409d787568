import type { ApiAction, ApiCall } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import { serviceTime } from '../../cam/api/service-time.ts';
import type { StoredFunction } from '../stored-function.ts';
import { VERSION } from '../stored-function.ts';
import {
  functionNameIn,
  functionResource,
  mustBeStill,
  mustHaveNamespace,
  mustPassRole,
  NEW_SETTINGS,
  namespaceIn,
  needFunction,
  RUNTIMES,
  resourceOfCall,
  SETTING_FIELDS,
  settingsIn,
  tagsIn,
  zipIn,
} from './function-fields.ts';
import { triggerView } from './trigger-view.ts';

const NAMED = ['FunctionName', 'Namespace'];
const MOST_FUNCTIONS = 50;

export const FUNCTION_ACTIONS: readonly ApiAction[] = [
  {
    name: 'GetFunction',
    fields: [...NAMED, 'Qualifier', 'ShowCode'],
    permission: 'scf:GetFunction',
    resourceOf: resourceOfCall,
    run(call) {
      if (call.fields.text('ShowCode') === 'TRUE') {
        throw new ApiError('UnsupportedOperation', 'The Darkroom engine does not show code.');
      }
      return functionView(call, needFunction(call));
    },
  },
  {
    name: 'ListFunctions',
    fields: [
      'Namespace',
      'Offset',
      'Limit',
      'Order',
      'Orderby',
      'SearchKey',
      'Description',
      'Filters',
    ],
    permission: 'scf:ListFunctions',
    resourceOf: (call) =>
      functionResource(call, { ...placeOf(call), name: '' }).replace(/\/function\/$/, ''),
    run(call) {
      const { fields, service } = call;
      const place = placeOf(call);
      mustHaveNamespace(call, place);
      const [search, described] = [
        fields.text('SearchKey') ?? '',
        fields.text('Description') ?? '',
      ];
      const found = service.functions.tables
        .all()
        .filter(
          ({ region, namespace, name, description }) =>
            region === place.region &&
            namespace === place.namespace &&
            name.includes(search) &&
            description.includes(described),
        );
      const offset = fields.whole('Offset', { min: 0, max: 1_000_000 }) ?? 0;
      const limit = fields.whole('Limit', { min: 1, max: 1000 }) ?? 20;
      return {
        Functions: found.slice(offset, offset + limit).map(listed),
        TotalCount: found.length,
      };
    },
  },
  {
    name: 'CreateFunction',
    fields: [...NAMED, 'Code', 'Runtime', 'Type', 'CodeSource', 'Tags', ...SETTING_FIELDS],
    permission: 'scf:CreateFunction',
    resourceOf: resourceOfCall,
    async run(call) {
      const { fields, service, effect } = call;
      const name = functionNameIn(call);
      mustHaveNamespace(call, name);
      if ((fields.text('Type') ?? 'Event') !== 'Event') {
        throw new ApiError(
          'UnsupportedOperation',
          'The Darkroom engine has functions for events only.',
        );
      }
      const runtime = fields.oneOf('Runtime', RUNTIMES, 'InvalidParameterValue.Runtime');
      if (runtime === undefined) {
        throw new ApiError(
          'MissingParameter',
          'The request is missing a required parameter `Runtime`.',
        );
      }
      const code = fields.needObject('Code');
      if (code.has('CosObjectName') || code.has('ImageConfig') || code.has('GitUrl')) {
        throw new ApiError('UnsupportedOperation', 'Code comes as ZipFile in the Darkroom engine.');
      }
      const zip = zipIn(code);
      const settings = settingsIn(fields, NEW_SETTINGS);
      mustPassRole(call, settings.role);
      const tags = tagsIn(fields);
      // From here on nothing is waited for before the name is taken.
      const { tables } = service.functions;
      if (tables.find(name)) {
        throw new ApiError(
          'ResourceInUse.FunctionName',
          `There is a function "${name.name}" already.`,
        );
      }
      const beside = tables
        .all()
        .filter(({ region, namespace }) => region === name.region && namespace === name.namespace);
      if (beside.length >= MOST_FUNCTIONS) {
        throw new ApiError(
          'LimitExceeded.Function',
          `A namespace has at most ${MOST_FUNCTIONS} functions.`,
        );
      }
      await service.functions.create({ ...name, ...settings, runtime, tags }, zip, effect);
      return {};
    },
  },
  {
    name: 'UpdateFunctionCode',
    fields: [
      ...NAMED,
      'Handler',
      'ZipFile',
      'Publish',
      'CosBucketName',
      'CosObjectName',
      'Code',
      'CodeSource',
      'EnvId',
      'InstallDependency',
      'CosBucketRegion',
    ],
    permission: 'scf:UpdateFunctionCode',
    resourceOf: resourceOfCall,
    async run(call) {
      const { fields, service, effect } = call;
      const stored = needFunction(call);
      mustBeStill(stored, 'FailedOperation.UpdateFunctionCode');
      if (fields.has('CosObjectName')) {
        throw new ApiError('UnsupportedOperation', 'Code comes as ZipFile in the Darkroom engine.');
      }
      const zip = zipIn(fields.object('Code') ?? fields);
      const { handler } = settingsIn(fields, stored);
      await service.functions.update(stored, { handler }, { zip, effect });
      return {};
    },
  },
  {
    name: 'UpdateFunctionConfiguration',
    fields: [...NAMED, 'Runtime', ...SETTING_FIELDS],
    permission: 'scf:UpdateFunctionConfiguration',
    resourceOf: resourceOfCall,
    async run(call) {
      const { fields, service, effect } = call;
      const stored = needFunction(call);
      mustBeStill(stored, 'FailedOperation.UpdateFunctionConfiguration');
      if ((fields.text('Runtime') ?? stored.runtime) !== stored.runtime) {
        throw new ApiError(
          'InvalidParameterValue.Runtime',
          'The runtime of a function cannot be changed: it is removed and made anew.',
        );
      }
      const settings = settingsIn(fields, stored);
      if (settings.role !== stored.role) mustPassRole(call, settings.role);
      await service.functions.update(stored, settings, { effect });
      return {};
    },
  },
  {
    name: 'DeleteFunction',
    fields: [...NAMED, 'Qualifier', 'ForceDelete'],
    permission: 'scf:DeleteFunction',
    resourceOf: resourceOfCall,
    async run(call) {
      const stored = needFunction(call);
      mustBeStill(stored, 'FailedOperation.DeleteFunction');
      await call.service.triggers.removeAll(stored);
      await call.service.functions.remove(stored);
      return {};
    },
  },
];

function placeOf({ fields, region }: ApiCall) {
  return { region, namespace: namespaceIn(fields) };
}

function functionView(call: ApiCall, stored: StoredFunction) {
  const triggers = call.service.functions.tables.triggersOf(stored);
  return {
    ...stored.kept,
    ...listed(stored),
    Triggers: triggers.map((trigger) => triggerView(trigger)),
    Handler: stored.handler,
    CodeSize: stored.codeBytes,
    CodeResult: 'success',
    CodeError: '',
    ErrNo: 0,
    Timeout: stored.timeoutSeconds,
    InitTimeout: stored.initTimeoutSeconds,
    MemorySize: stored.memory,
    Role: stored.role,
    Environment: { Variables: stored.environment },
    FunctionVersion: VERSION,
    Qualifier: VERSION,
    Layers: [],
    AvailableStatus: 'Available',
  };
}

function listed(stored: StoredFunction) {
  const { state, reason } = stored;
  return {
    FunctionName: stored.name,
    FunctionId: stored.id,
    Namespace: stored.namespace,
    Runtime: stored.runtime,
    Type: 'Event',
    Description: stored.description,
    Status: state,
    StatusDesc: reason,
    StatusReasons: reason === '' ? [] : [{ ErrorCode: state, ErrorMessage: reason }],
    Tags: stored.tags,
    AddTime: serviceTime(stored.added),
    ModTime: serviceTime(stored.changed),
    AsyncRunEnable: 'FALSE',
    TraceEnable: 'FALSE',
  };
}
