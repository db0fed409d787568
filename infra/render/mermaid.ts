import type { FunctionSpec, Model, TriggerSpec } from '../model.ts';

/** A picture of the deployment: what calls which function, and what the functions work on. */
export function mermaidPicture(model: Model): string {
  const lines = model.functions.flatMap((spec) => [
    `  ${idOf(spec)}["${spec.function}<br>${spec.memory} MB, ${spec.timeoutSeconds} s<br>${spec.region}"]`,
    ...spec.triggers.flatMap((trigger) => triggerLines(trigger, spec)),
    `  ${idOf(spec)} --> records[("records")]`,
    ...(spec.function === 'on-callback' ? [] : [`  ${idOf(spec)} --> ci["Cloud Infinite"]`]),
  ]);
  const callbacks = model.functions
    .filter((spec) => spec.function === 'on-callback')
    .map((spec) => `  ci -- "callbacks" --> ${idOf(spec)}`);
  return ['flowchart LR', ...new Set([...lines, ...callbacks])].join('\n');
}

/** Dashes would be taken for arrows. */
const word = (text: string) => text.replaceAll('-', '_');
const idOf = ({ function: name, region }: FunctionSpec) => word(`${name}-${region}`);

function triggerLines(trigger: TriggerSpec, spec: FunctionSpec): readonly string[] {
  switch (trigger.type) {
    case 'cos': {
      const { bucket, prefix, suffix } = trigger;
      return [`  ${word(bucket)}[("${bucket}")] -- "${prefix}*${suffix}" --> ${idOf(spec)}`];
    }
    case 'timer': {
      const { name, cron } = trigger;
      return [`  ${word(name)}(["${name}<br>${cron}"]) --> ${idOf(spec)}`];
    }
    case 'http': {
      if (spec.function === 'on-callback') return [];
      const how = trigger.auth === 'CAM' ? 'keys of the account' : 'keys and links of its own';
      return [`  callers(["callers"]) -- "${how}" --> ${idOf(spec)}`];
    }
  }
}
