import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../local/cam/decide.ts';
import { readPolicy } from '../../local/cam/policy.ts';
import { CATALOGUE } from '../../shared/operations/catalogue.ts';
import { borrowedBy, borrowedName } from '../../shared/plan/borrowed.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import { permissionsFor } from '../../shared/plan/permissions-for.ts';
import {
  type FunctionName,
  operationActions,
  REQUEST_ACTIONS,
  type RequestAction,
} from '../../shared/plan/request-actions.ts';
import type { Rule, Template } from '../../shared/plan/rule.ts';
import type { Rules } from '../../shared/plan/rules.ts';
import { output, photo, rule, template } from './rules-for-tests.ts';

const region = 'ap-guangzhou';
const place = (name: string) => ({ bucket: `${name}-1300001234`, region });
const places = {
  appid: '1300001234',
  uin: '100012345678',
  sources: [place('studio')],
  outputs: [place('done')],
  state: { ...place('records'), prefix: 'darkroom/' },
};

const clip = output('clips/{stem}.mp4', {
  operation: 'segment-video-body',
  parameters: { mode: 'mask', segment: 'human', threshold: 0 },
  as: 'job',
});
const mended = (key: string) =>
  output('mended/{name}', { operation: 'image-repair', parameters: { mask: { key } } });
const pictures = rule('pictures', { prefix: ['in/'], suffix: ['.jpg'] }, 'cut/{dir}/{stem}.png');
const clips = rule('clips', { suffix: ['.mp4'], prefix: ['video/'] }, [clip]);

function file(
  rules: readonly Rule[],
  called: readonly Template[] = [],
  sources: readonly string[] = [],
): Pick<Rules, 'rules' | 'templates' | 'http'> {
  const callers = [
    { name: 'shop', templates: called.map(({ name }) => name), requestsPerMinute: 60 },
  ];
  return { rules, templates: called, http: { callers, sources, origins: [] } };
}

/** `cos:GetObject in/*` */
function may(name: FunctionName, ...given: Parameters<typeof file>) {
  return permissionsFor(file(...given), places)[name].flatMap(({ action, resource }) =>
    action.flatMap((one) =>
      resource.map((text) => `${one.replace('name/', '')} ${text.replace(/^.*1300001234\//, '')}`),
    ),
  );
}

const records = [
  'cos:GetObject darkroom/*',
  'cos:HeadObject darkroom/*',
  'cos:PutObject darkroom/*',
  'cos:GetBucketVersioning *',
];

describe('on-upload may', () => {
  test('read what rules are for, and write what they make', () => {
    expect(may('on-upload', [pictures])).toEqual([
      'cos:HeadObject in/*',
      'cos:GetObject in/*',
      'cos:PutObject cut/in/*',
      'cos:HeadObject cut/in/*',
      ...records,
    ]);
  });

  test('submit jobs, find a lost one, and pass the role of the service on', () => {
    expect(may('on-upload', [clips])).toEqual([
      'cos:HeadObject video/*',
      'ci:CreateBodyJointsDetectJob *',
      'cos:HeadObject clips/*',
      'ci:DescribeMediaJobs *',
      'cam:PassRole qcs::cam::uin/100012345678:roleName/CI_QCSRole',
      ...records,
    ]);
  });

  test('read masks where they can be, and anywhere where objects bring their own', () => {
    const mend = (overrides: Rule['overrides']) =>
      may('on-upload', [
        rule('mend', { prefix: ['in/'] }, [mended('masks/{stem}.png')], { overrides }),
      ]);
    expect(mend([])).toEqual(
      expect.arrayContaining(['cos:HeadObject masks/*', 'cos:GetObject masks/*']),
    );
    expect(mend(['mask'])).toEqual(expect.arrayContaining(['cos:HeadObject *', 'cos:GetObject *']));
  });

  test.for([
    ['newest.png', 'newest.png'],
    ['cut/{name}', 'cut/*'],
    ['cut/{dir}/{name}', 'cut/in/raw/*'],
    ['{dir}/small-{name}', 'in/raw/*'],
    ['{dir}-small/{name}', 'in/raw*'],
    ['{template}/{version}/{name}', 'of-one/1/*'],
    ['{yyyy}/{name}', '*'],
  ] as const)('write by %s to no more than %s', ([pattern, resource]) => {
    const writes = may('on-upload', [rule('one', { prefix: ['in/raw/'] }, pattern)]);
    expect(writes.filter((line) => line.startsWith('cos:PutObject'))).toEqual([
      `cos:PutObject ${resource}`,
      'cos:PutObject darkroom/*',
    ]);
  });

  test('do nothing without a rule that stores anything', () => {
    expect(may('on-upload', [rule('view', {}, [output(undefined)])])).toEqual([]);
    expect(may('on-upload', [{ ...pictures, enabled: false }])).toEqual([]);
    expect(may('on-upload', [rule('shop', { buckets: ['shop'] }, 'x')])).toEqual([]);
  });
});

test('reprocess may list besides, and ask for jobs', () => {
  const uploads = may('on-upload', [pictures]);
  const more = may('reprocess', [pictures]).filter((one) => !uploads.includes(one));
  expect(more).toEqual(['cos:GetBucket *', 'cos:GetBucket *']);
  expect(may('reprocess', [clips])).toContain('ci:DescribeMediaJob *');
});

test('on-callback may ask for jobs and see their outputs, if there are any', () => {
  expect(may('on-callback', [pictures])).toEqual([]);
  expect(may('on-callback', [pictures, clips])).toEqual([
    'cos:HeadObject clips/*',
    'ci:DescribeMediaJob *',
    ...records,
  ]);
});

describe('on-demand may', () => {
  test('do nothing where nobody may call', () => {
    expect(may('on-demand', [pictures])).toEqual([]);
  });

  test('run the templates of its callers for any source, and hand out what came of it', () => {
    expect(may('on-demand', [], [template('big/{stem}.png', 'enlarge')])).toEqual([
      'cos:HeadObject *',
      'cos:GetObject *',
      'cos:PutObject big/*',
      ...records,
    ]);
  });

  test('render with the action of the operation', () => {
    const view = [template([output(undefined)], 'view')];
    expect(may('on-demand', [], view)).toEqual([
      'cos:HeadObject *',
      'cos:GetObject *',
      'ci:CreateGoodsMattingJob *',
      ...records,
    ]);
  });

  test('render pictures from elsewhere only where hosts are allowed', () => {
    const stored = [template('big/{stem}.png', 'enlarge')];
    expect(may('on-demand', [], stored)).not.toContain('ci:CreateGoodsMattingJob *');
    expect(may('on-demand', [], stored, ['cdn.example.com'])).toContain(
      'ci:CreateGoodsMattingJob *',
    );
  });

  test('let callers upload where a rule makes something of it at once', () => {
    const view = [template([output(undefined)], 'view')];
    const writes = may('on-demand', [pictures, clips], view).filter((one) => /Put|Role/.test(one));
    expect(writes).toEqual([
      'cos:PutObject in/*',
      'cos:PutObject cut/in/*',
      'cos:PutObject darkroom/*',
    ]);
  });

  test('submit jobs and pass the role on if a template of its callers is for that', () => {
    expect(may('on-demand', [], [template([clip], 'clip')]).join()).toContain('cam:PassRole');
  });
});

describe('a statement', () => {
  test('names the resource in the words of the service', () => {
    const [first] = permissionsFor(file([pictures]), places)['on-upload'];
    expect(first).toEqual({
      why: 'see what a source is',
      action: ['name/cos:HeadObject'],
      resource: ['qcs::cos:ap-guangzhou:uid/1300001234:studio-1300001234/in/*'],
    });
  });

  test('names the role without an account where the number is not known', () => {
    const { uin, ...unknown } = places;
    const resources = permissionsFor(file([clips]), unknown)['on-upload'].flatMap(
      (one) => one.resource,
    );
    expect(uin).toBeDefined();
    expect(resources).toContain('qcs::cam:::roleName/CI_QCSRole');
  });

  test('is not there twice: reasons that need the same share one', () => {
    const together = { ...places, state: { ...place('studio'), prefix: 'darkroom/' } };
    const listing = permissionsFor(file([pictures]), together).reprocess.filter(({ action }) =>
      action.includes('name/cos:GetBucket'),
    );
    expect(listing.map(({ why }) => why)).toEqual([
      'list what is to be backfilled; list records that wait for something',
    ]);
  });

  test('holds no more resources than a policy has room for', () => {
    const many = Array.from({ length: 300 }, (_, at) =>
      rule(`r${at}`, { prefix: [`shop-${at}/`] }, `cut/${at}/{name}`),
    );
    for (const { resource } of permissionsFor(file(many), places)['on-upload']) {
      expect(resource.length).toBeLessThanOrEqual(20);
    }
  });

  test('allows nothing to be deleted, and no wildcard of actions', () => {
    const all = Object.values(permissionsFor(file([pictures, clips], [template([clip])]), places));
    const actions = all.flat().flatMap(({ action }) => action);
    expect(actions.join()).not.toMatch(/Delete|\*/);
  });

  test('that is doubtful is added by one switch', () => {
    const given = file([pictures, clips]);
    const added = (name: FunctionName) => {
      const plain = permissionsFor(given, places)[name].flatMap(({ action }) => action);
      return permissionsFor(given, places, { doubtful: true })
        [name].flatMap(({ action }) => action)
        .filter((action) => !plain.includes(action));
    };
    expect(added('on-upload')).toEqual([
      'name/ci:CreateGoodsMattingJob',
      'name/ci:CreateMediaJobs',
    ]);
    expect(added('on-callback')).toEqual([]);
  });
});

test('every statement is that of a request its function sends', () => {
  const rows: readonly RequestAction[] = [
    ...Object.values(REQUEST_ACTIONS),
    ...CATALOGUE.flatMap((operation) =>
      (['download', 'upload', 'cloud', 'job'] as const).flatMap((method) =>
        operationActions(operation, method, true),
      ),
    ),
  ];
  const templates = [template([clip, mended('m/{name}'), output(undefined), 'big/{name}'], 'all')];
  const permissions = permissionsFor(
    file([pictures, clips, rule('mend', {}, [mended('m/{name}')])], templates, ['cdn.example.com']),
    places,
    { doubtful: true },
  );
  for (const [name, statements] of Object.entries(permissions)) {
    expect(statements.length).toBeGreaterThan(0);
    for (const why of statements.flatMap((statement) => statement.why.split('; '))) {
      const senders = rows.filter((row) => row.why === why).flatMap(({ sentBy }) => sentBy);
      expect(senders, why).toContain(name);
    }
  }
});

test('whatever is planned for an upload is allowed', () => {
  const patterns = constantFrom(
    ...[
      'cut/{dir}/{stem}.png',
      '{dir}/small-{name}',
      'cut/{stem}.{ext}',
      '{yyyy}/{stem}/x',
      'x.png',
    ],
  );
  const one = record({
    prefix: array(constantFrom('in/', 'in', 'out/', 'i'), { maxLength: 2 }),
    suffix: array(constantFrom('.jpg', 'g', '.a.jpg'), { maxLength: 2 }),
    pattern: patterns,
    bucket: constantFrom(undefined, 'done'),
  });
  const keys = array(constantFrom('in/', 'out/', 'a', '.', '.jpg', '*'), {
    minLength: 1,
    maxLength: 5,
  });
  let planned = 0;
  assert(
    property(
      array(one, { minLength: 1, maxLength: 3 }),
      array(keys, { minLength: 3 }),
      (list, names) => {
        const rules = list.map(({ pattern, bucket, ...when }, at) =>
          rule(`r${at}`, when, [
            output(pattern, bucket ? { bucket } : {}),
            mended('m/{dir}/{stem}.png'),
          ]),
        );
        const policy = readPolicy(
          JSON.stringify({
            version: '2.0',
            statement: permissionsFor(file(rules), places)['on-upload'].map(
              ({ action, resource }) => ({ effect: 'allow', action, resource }),
            ),
          }),
        );
        const allowed = (action: string, { bucket, key }: { bucket: string; key: string }) =>
          decide(
            [policy],
            {
              action: `cos:${action}`,
              resource: `qcs::cos:${region}:uid/1300001234:${bucket}/${key}`,
              facts: {},
            },
            ['uid/1300001234'],
          ).allowed;

        for (const key of names.map((parts) => parts.join(''))) {
          const source = photo({ key });
          const lent = borrowedBy(rules, source);
          const borrowed = Object.fromEntries(lent.map((object) => [borrowedName(object), 'e']));
          const { steps } = makePlan(rules, source, { writtenByUs: false, borrowed });
          for (const { target, call } of steps) {
            planned++;
            expect(allowed('HeadObject', source)).toBe(true);
            expect(allowed('GetObject', source)).toBe(true);
            expect(allowed('PutObject', target)).toBe(true);
            expect(allowed('HeadObject', target)).toBe(true);
            for (const { object } of call.borrows) expect(allowed('GetObject', object)).toBe(true);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(planned).toBeGreaterThan(200);
});
