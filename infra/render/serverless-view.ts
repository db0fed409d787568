import { prefixOf } from '../deployment.ts';
import type { FunctionSpec, Model, TriggerSpec, Variable } from '../model.ts';
import { bucketHost, UPLOADS } from './triggers.ts';

/**
 * The functions and triggers of one region as `component: multi-scf` of the vendor's framework takes
 * them. Roles are not among them, and neither are function URLs: whether the component makes those
 * no public page confirms.
 */
export function serverlessView(model: Model, region: string = model.region) {
  const functions = model.functions.filter((spec) => spec.region === region);
  return {
    app: model.suite,
    component: 'multi-scf',
    name: prefixOf(model),
    stage: model.stage,
    inputs: {
      region,
      namespace: model.namespace,
      runtime: model.runtime,
      src: { src: './dist/functions' },
      functions: Object.fromEntries(
        functions.map((spec) => [spec.function, functionView(spec, model)]),
      ),
      triggers: functions.flatMap((spec) =>
        spec.triggers.flatMap((trigger) => triggerView(spec, trigger)),
      ),
    },
  };
}

function functionView(spec: FunctionSpec, { logs }: Model) {
  const { repeats } = spec;
  return {
    name: spec.name,
    src: spec.function,
    handler: 'index.main_handler',
    role: spec.role,
    memorySize: spec.memory,
    timeout: spec.timeoutSeconds,
    environments: spec.environment.map((variable) => ({
      key: variable.key,
      value: valueView(variable),
    })),
    ...(repeats ? { retryNum: repeats.times, msgTTL: repeats.withinSeconds } : {}),
    ...(logs ? { cls: { logsetId: logs.logset, topicId: logs.topic } } : {}),
  };
}

/** What is secret or not known yet comes from the environment of whoever runs the framework. */
function valueView(variable: Variable): string {
  return 'value' in variable ? variable.value : `\${env:${variable.key}}`;
}

function triggerView(spec: FunctionSpec, trigger: TriggerSpec): readonly object[] {
  switch (trigger.type) {
    case 'cos': {
      const host = bucketHost(trigger.bucket, spec.region);
      const filter = { prefix: trigger.prefix, suffix: trigger.suffix };
      return [
        {
          ...{ type: 'cos', function: spec.function, name: host },
          parameters: { bucket: host, events: UPLOADS, filter, enable: true },
        },
      ];
    }
    case 'timer': {
      const { name, cron, message } = trigger;
      const argument = message === '' ? {} : { argument: message };
      return [
        {
          ...{ type: 'timer', function: spec.function, name },
          parameters: { name, cronExpression: cron, enable: true, ...argument },
        },
      ];
    }
    case 'http':
      return [];
  }
}
