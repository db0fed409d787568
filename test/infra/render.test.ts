import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { mermaidPicture } from '../../infra/render/mermaid.ts';
import { deployerPolicy, permissionPolicy, TRUST_POLICY } from '../../infra/render/policies.ts';
import { serverlessView } from '../../infra/render/serverless-view.ts';
import { terraformJson } from '../../infra/render/terraform.ts';
import { readPolicy } from '../../local/cam/policy.ts';
import { modelOf, PLACES } from './deployment-for-tests.ts';

const ENV: Readonly<Record<string, string>> = {
  DARKROOM_BUCKET: 'pictures-1299999999',
  DARKROOM_REGION: 'ap-beijing',
  DARKROOM_CALLBACK_URL: 'https://1299999999-abc.ap-beijing.tencentscf.com',
  DARKROOM_CALLBACK_SECRETS: 'c'.repeat(64),
  DARKROOM_LINK_KEYS: 'd'.repeat(64),
  DARKROOM_API_KEYS: `shop:${'e'.repeat(64)}`,
};

/** As the framework resolves them, but that a variable nobody set is a mistake and not a text. */
function resolved(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{env:(\w+)\}/g, (_, name: string) => {
      const text = ENV[name];
      if (text === undefined) throw new Error(`${name} is not set`);
      return text;
    });
  }
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}

test('serverless.yml is the model of the sample rules, for whatever bucket', () => {
  const file = resolved(parse(readFileSync('serverless.yml', 'utf8')));
  const model = modelOf(readFileSync('rules.yaml', 'utf8'), {
    DARKROOM_BUCKETS: 'pictures-1299999999@ap-beijing',
    DARKROOM_STATE: 'pictures-1299999999/darkroom/',
  });
  expect(file).toEqual(resolved(serverlessView(model)));
});

test('CAM takes every policy document', () => {
  const model = modelOf();
  const documents = [
    TRUST_POLICY,
    deployerPolicy(model, PLACES),
    ...model.roles.map(({ statements }) => permissionPolicy(statements)),
  ];
  for (const document of documents) {
    expect(readPolicy(JSON.stringify(document)).statements.length).toBeGreaterThan(0);
  }
});

test('no function may delete anything, or everything of a service', () => {
  const actions = modelOf().roles.flatMap(({ statements }) =>
    statements.flatMap(({ action }) => action),
  );
  expect(actions.filter((action) => /delete|\*/i.test(action))).toEqual([]);
});

test('the Terraform export names the same functions, roles and triggers', () => {
  const model = modelOf();
  const { resource } = terraformJson(model);
  expect(Object.keys(resource.tencentcloud_cam_role)).toEqual(model.roles.map(({ name }) => name));
  expect(Object.keys(resource.tencentcloud_scf_function)).toHaveLength(model.functions.length);
  const others = model.functions.flatMap(({ triggers }) =>
    triggers.filter(({ type }) => type !== 'cos'),
  );
  expect(Object.keys(resource.tencentcloud_scf_trigger_config)).toHaveLength(others.length);
  expect(JSON.stringify(resource)).not.toContain('undefined');
});

test('the picture shows what calls which function', () => {
  const picture = mermaidPicture(modelOf());
  expect(picture).toContain(
    'shop_1250000000[("shop-1250000000")] -- "in/clips/*.mp4" --> on_upload_ap_guangzhou',
  );
  expect(picture).toContain(
    'callers(["callers"]) -- "keys and links of its own" --> on_demand_ap_guangzhou',
  );
  expect(picture).toContain('ci -- "callbacks" --> on_callback_ap_guangzhou');
});
