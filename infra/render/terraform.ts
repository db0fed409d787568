import { writeMark } from '../mark.ts';
import type { FunctionSpec, Model, Variable } from '../model.ts';
import { permissionPolicy, TRUST_POLICY } from './policies.ts';
import { triggerFields } from './triggers.ts';

/**
 * The same deployment for Terraform's JSON syntax and the provider `tencentcloudstack/tencentcloud`.
 * Written from the provider's pages; nobody has run it yet.
 */
export function terraformJson(model: Model) {
  const regions = [...new Set(model.functions.map(({ region }) => region))];
  const description = writeMark(model);
  const secrets = [...new Set(model.functions.flatMap(({ environment }) => environment))].flatMap(
    (variable) => ('value' in variable ? [] : [variable.key]),
  );
  return {
    terraform: {
      required_providers: { tencentcloud: { source: 'tencentcloudstack/tencentcloud' } },
    },
    provider: {
      tencentcloud: [
        { region: model.region },
        ...regions
          .filter((region) => region !== model.region)
          .map((region) => ({ alias: aliasOf(region), region })),
      ],
    },
    variable: Object.fromEntries(
      [...new Set(secrets)].map((key) => [key, { type: 'string', sensitive: true }]),
    ),
    resource: {
      tencentcloud_cam_role: byName(model.roles, ({ name }) => ({
        ...{ name, description, document: JSON.stringify(TRUST_POLICY) },
      })),
      tencentcloud_cam_policy: byName(model.roles, ({ name, statements }) => ({
        ...{ name, description, document: JSON.stringify(permissionPolicy(statements)) },
      })),
      tencentcloud_cam_role_policy_attachment: byName(model.roles, ({ name }) => ({
        role_id: `\${tencentcloud_cam_role.${name}.id}`,
        policy_id: `\${tencentcloud_cam_policy.${name}.id}`,
      })),
      tencentcloud_scf_function: Object.fromEntries(
        model.functions.map((spec) => [resourceName(spec), functionResource(spec, model)]),
      ),
      tencentcloud_scf_trigger_config: Object.fromEntries(
        model.functions.flatMap((spec) => otherTriggers(spec, model)),
      ),
      tencentcloud_scf_function_event_invoke_config: Object.fromEntries(
        model.functions.flatMap((spec) =>
          spec.repeats ? [[resourceName(spec), repeatsResource(spec, model, spec.repeats)]] : [],
        ),
      ),
      tencentcloud_monitor_alarm_policy: byName(model.alarms, alarmResource),
    },
  };
}

function byName<T extends { readonly name: string }>(
  list: readonly T[],
  resource: (one: T) => object,
) {
  return Object.fromEntries(list.map((one) => [one.name, resource(one)]));
}

const aliasOf = (region: string) => region.replaceAll('-', '_');

/** The name of a function is the same in each region. */
const resourceName = ({ name, region }: FunctionSpec) => `${name}_${aliasOf(region)}`;

function inRegion({ region }: FunctionSpec, model: Model) {
  return region === model.region ? {} : { provider: `tencentcloud.${aliasOf(region)}` };
}

function functionResource(spec: FunctionSpec, model: Model) {
  const { logs } = model;
  const cos = spec.triggers.filter(({ type }) => type === 'cos');
  return {
    ...inRegion(spec, model),
    name: spec.name,
    namespace: model.namespace,
    description: writeMark(model),
    handler: 'index.main_handler',
    runtime: model.runtime,
    mem_size: spec.memory,
    timeout: spec.timeoutSeconds,
    role: `\${tencentcloud_cam_role.${spec.role}.name}`,
    environment: Object.fromEntries(
      spec.environment.map((variable) => [variable.key, valueText(variable)]),
    ),
    zip_file: `dist/functions/${spec.function}.zip`,
    ...(logs ? { cls_logset_id: logs.logset, cls_topic_id: logs.topic } : {}),
    ...(cos.length > 0
      ? {
          triggers: cos.map((trigger) => {
            const { TriggerName, Type, TriggerDesc } = triggerFields(trigger, spec.region);
            return {
              ...{ name: TriggerName, type: Type, trigger_desc: TriggerDesc },
              cos_region: spec.region,
            };
          }),
        }
      : {}),
  };
}

function valueText(variable: Variable): string {
  return 'value' in variable ? variable.value : `\${var.${variable.key}}`;
}

function otherTriggers(spec: FunctionSpec, model: Model) {
  return spec.triggers
    .filter(({ type }) => type !== 'cos')
    .map((trigger) => {
      const fields = triggerFields(trigger, spec.region);
      return [
        `${resourceName(spec)}_${fields.TriggerName}`,
        {
          ...inRegion(spec, model),
          function_name: `\${tencentcloud_scf_function.${resourceName(spec)}.name}`,
          namespace: model.namespace,
          trigger_name: fields.TriggerName,
          type: fields.Type,
          trigger_desc: fields.TriggerDesc,
          ...(fields.CustomArgument ? { custom_argument: fields.CustomArgument } : {}),
          qualifier: '$DEFAULT',
          enable: 'OPEN',
        },
      ] as const;
    });
}

function repeatsResource(
  spec: FunctionSpec,
  model: Model,
  { times, withinSeconds }: NonNullable<FunctionSpec['repeats']>,
) {
  return {
    ...inRegion(spec, model),
    function_name: `\${tencentcloud_scf_function.${resourceName(spec)}.name}`,
    namespace: model.namespace,
    async_trigger_config: { msg_ttl: withinSeconds, retry_config: { retry_num: times } },
  };
}

function alarmResource({ name, metric, above, minutes }: Model['alarms'][number]) {
  return {
    // No more than twenty characters are taken, so the name stands in the remark.
    policy_name: `${metric} ${above}`.slice(0, 20),
    remark: name,
    monitor_type: 'MT_QCE',
    namespace: 'scf_alias',
    conditions: {
      is_union_rule: 0,
      rules: {
        metric_name: metric,
        period: 60,
        operator: 'gt',
        value: String(above),
        continue_period: minutes,
      },
    },
  };
}
