import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from '../../infra/deployment.ts';
import type { FunctionSpec, TriggerSpec } from '../../infra/model.ts';
import { mermaidPicture } from '../../infra/render/mermaid.ts';
import { deployerPolicy } from '../../infra/render/policies.ts';
import type { Blocks } from './blocks.ts';
import { code, table } from './markdown.ts';
import { sampleModel, samplePlaces } from './serverless-file.ts';

/** What the sample rules come to in an account, and how that can be changed. */
export function deployPage(root: string): Blocks {
  const model = sampleModel(readFileSync(join(root, 'rules.yaml'), 'utf8'));
  return {
    picture: ['```mermaid', mermaidPicture(model), '```'].join('\n'),
    functions: table(
      ['Function', 'Memory', 'Time', 'Called by', 'Secrets it is told'],
      model.functions.map(rowOf),
    ),
    deployment: table(['Setting', 'Unless given', 'What it says'], settingRows()),
    'deployer-policy': [
      '```json',
      JSON.stringify(deployerPolicy(model, samplePlaces()), null, 2),
      '```',
    ].join('\n'),
  };
}

function rowOf(spec: FunctionSpec): readonly string[] {
  const secrets = spec.environment.flatMap((one) => ('secret' in one ? [code(one.secret)] : []));
  return [
    spec.function,
    `${spec.memory} MB`,
    `${spec.timeoutSeconds} s`,
    spec.triggers.map(callOf).join(', '),
    secrets.join(', '),
  ];
}

function callOf(trigger: TriggerSpec): string {
  switch (trigger.type) {
    case 'cos':
      return `uploads of ${code(`${trigger.prefix}*${trigger.suffix}`)}`;
    case 'timer':
      return `timer ${code(trigger.cron)}`;
    case 'http':
      return 'an address of its own';
  }
}

function settingRows(): readonly (readonly string[])[] {
  return Object.entries(Deployment.shape).map(([name, schema]) => {
    const given = schema.safeParse(undefined).data;
    const or = typeof given === 'object' || given === undefined ? '' : code(given);
    return [code(name), or, `${schema.description ?? ''}.`];
  });
}
