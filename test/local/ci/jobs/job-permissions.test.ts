import COS from 'cos-nodejs-sdk-v5';
import { afterAll, describe, expect, test } from 'vitest';
import { SERVICE_ROLES } from '../../../../local/cam/presets.ts';
import { BUCKET, REGION } from '../../engine-for-tests.ts';
import { asked, batchJob, pictureJob, videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine({ buckets: [BUCKET, 'other-1250000000'] });
const { engine, done, makeQueue } = started;
afterAll(() => started.stop());

const PASS_ROLE = 'cam:PassRole';
const ROLE = 'qcs::cam::uin/101250000000:roleName/CI_QCSRole';
const IN_BUCKET = `qcs::ci:${REGION}:uid/1250000000:bucket/${BUCKET}/*`;
const ACCOUNT_HOST = `ci.${REGION}.myqcloud.com`;
const queue = engine.jobs.queues.for('ai', BUCKET)?.queueId;
const update = '<Request><Name>q</Name><State>Active</State></Request>';

interface Statement {
  readonly action: readonly string[];
  readonly resource: string;
}

let users = 0;

/** Asks with the key of somebody who may do just this. */
async function askAs(statements: readonly Statement[], line: string, body?: string, host?: string) {
  const name = `somebody-${users++}`;
  const document = statements.map((statement) => ({ effect: 'allow', ...statement }));
  await engine.identities.putPolicy(name, JSON.stringify({ version: '2.0', statement: document }));
  const { secretId, secretKey } = await engine.identities.putUser(name, [name]);
  const cos = started.client(COS, { SecretId: secretId, SecretKey: secretKey });
  return asked(cos, line, body, host);
}

const finished = await done(videoJob());
await makeQueue('Paused');
const waiting = await done(videoJob());
const waitingPicture = await (async () => {
  const { is } = await started.ask('POST /jobs', pictureJob('imageMogr2/rotate/90'));
  return is.JobsDetail.JobId;
})();
await engine.jobs.idle();

interface Call {
  readonly does: string;
  readonly line: string;
  readonly body?: string;
  readonly host?: string;
  readonly needs: readonly string[];
  readonly status?: number;
}

const CALLS: readonly Call[] = [
  {
    does: 'a video job',
    line: 'POST /jobs',
    body: videoJob(),
    needs: ['ci:CreateBodyJointsDetectJob', PASS_ROLE],
  },
  {
    does: 'a picture job',
    line: 'POST /jobs',
    body: pictureJob('imageMogr2/rotate/90'),
    needs: ['ci:CreatePicProcessJobs', PASS_ROLE],
  },
  { does: 'asking for a job', line: `GET /jobs/${finished}`, needs: ['ci:DescribeMediaJob'] },
  { does: 'listing jobs', line: 'GET /jobs?tag=SegmentVideoBody', needs: ['ci:DescribeMediaJobs'] },
  {
    does: 'cancelling a video job',
    line: `PUT /jobs/${waiting}?cancel`,
    needs: ['ci:CancelAiProcessJob'],
  },
  {
    does: 'cancelling a picture job',
    line: `PUT /jobs/${waitingPicture}?cancel`,
    needs: ['ci:CancelPicProcessJob'],
    status: 400,
  },
  { does: 'looking at queues', line: 'GET /queue', needs: ['ci:DescribeMediaQueues'] },
  {
    does: 'changing a queue',
    line: `PUT /queue/${queue}`,
    body: update,
    needs: ['ci:UpdateMediaQueue'],
  },
  {
    does: 'a batch',
    line: 'POST /inventorytriggerjob',
    body: batchJob('<Object>in/a.png</Object>'),
    needs: ['ci:CreateInventoryTriggerJob', PASS_ROLE],
  },
  {
    does: 'asking for a batch',
    line: `GET /inventorytriggerjob/b${'0'.repeat(32)}`,
    needs: ['ci:DescribeInventoryTriggerJob'],
  },
  {
    does: 'listing batches',
    line: 'GET /inventorytriggerjob',
    needs: ['ci:DescribeInventoryTriggerJobs'],
  },
  {
    does: 'cancelling a batch',
    line: `PUT /inventorytriggerjob/b${'0'.repeat(32)}?cancel`,
    needs: ['ci:CancelInventoryTriggerJob'],
    status: 400,
  },
  {
    does: 'opening AI recognition',
    line: 'POST /ai_bucket',
    body: '',
    needs: ['ci:CreateCIBucket'],
  },
  {
    does: 'opening picture processing',
    line: 'POST /picbucket',
    body: '',
    needs: ['ci:CreatePicProcessBucket'],
  },
  {
    does: 'opening media processing',
    line: 'POST /mediabucket',
    body: '',
    needs: ['ci:CreateMediaBucket'],
    status: 403,
  },
];

describe.for(CALLS)('$does', ({ line, body, host, needs, status = 200 }) => {
  const statementOf = (action: string) => ({
    action: [action],
    resource: action === PASS_ROLE ? ROLE : IN_BUCKET,
  });

  test('is allowed to who may do just that', async () => {
    const { is, ...answer } = await askAs(needs.map(statementOf), line, body, host);
    expect(answer.status).toBe(status);
    expect(is.Code).not.toBe('AccessDenied');
  });

  test.for([...needs])('is denied to who may not %s, and it says so', async (missing) => {
    const others = needs.filter((action) => action !== missing);
    // Somebody who may nothing at all could not have a policy.
    const statements = [...others, 'cos:GetObject'].map(statementOf);
    const { is, headers, ...answer } = await askAs(statements, line, body, host);
    expect({ status: answer.status, code: is.Code }).toEqual({ status: 403, code: 'AccessDenied' });
    // Where two names are good the engine tells the first.
    expect(headers['x-darkroom-denied']).toMatch(/^(ci|cam):\w+ on qcs::/);
    expect(headers['x-darkroom-allow-with']).toContain('"effect":"allow"');
  });

  test('is denied to who may do it in another bucket', async () => {
    const elsewhere = needs.map(statementOf).map((statement) => ({
      ...statement,
      resource: statement.resource.replace(BUCKET, 'other-1250000000'),
    }));
    const { is } = await askAs(elsewhere, line, body, host);
    expect(is.Code).toBe('AccessDenied');
  });
});

test('lists of the account have no resource but everything', async () => {
  const list = (resource: string) =>
    askAs(
      [{ action: ['ci:DescribeAIBuckets'], resource }],
      'GET /ai_bucket',
      undefined,
      ACCOUNT_HOST,
    );
  expect((await list('*')).status).toBe(200);
  expect((await list(IN_BUCKET)).status).toBe(403);
});

test('the role may be handed over under the name a page prints in small letters', async () => {
  const statements = [
    { action: ['name/ci:CreateBodyJointsDetectJob'], resource: '*' },
    { action: ['cam:passrole'], resource: 'qcs::cam:::roleName/CI_QCSRole' },
  ];
  expect((await askAs(statements, 'POST /jobs', videoJob())).status).toBe(200);
});

test('a job of several kinds needs the permission of each', async () => {
  const both = videoJob()
    .replace(/<Tag>.*?<\/Tag>/, '')
    .replace('<Operation>', '<Operation><Tag>SegmentVideoBody</Tag>')
    .replace(
      '</Request>',
      '<Operation><Tag>PicProcess</Tag><PicProcess><ProcessRule>imageMogr2/rotate/90</ProcessRule></PicProcess>' +
        `<Output><Region>${REGION}</Region><Bucket>${BUCKET}</Bucket><Object>x</Object></Output></Operation></Request>`,
    );
  const may = (...action: string[]) => [{ action: [...action, PASS_ROLE], resource: '*' }];
  const { status } = await askAs(may('ci:CreateBodyJointsDetectJob'), 'POST /jobs', both);
  expect(status).toBe(403);
  const allowed = may('ci:CreateBodyJointsDetectJob', 'ci:CreatePicProcessJobs');
  expect((await askAs(allowed, 'POST /jobs', both)).status).toBe(200);
});

describe('an account for which nothing was opened', () => {
  test('opens what a job needs, one thing after the other', async () => {
    const bare = await jobEngine({ bareAccount: true });
    const code = async (body: string) => (await bare.ask('POST /jobs', body)).is.Code;
    expect(await code(videoJob())).toBe('AIBucketUnBinded');
    expect(await code(pictureJob('imageMogr2/rotate/90'))).toBe('PicBucketUnBinded');
    expect((await bare.ask('GET /queue')).is).toMatchObject({ TotalCount: '0' });

    const opened = await bare.ask('POST /ai_bucket', '');
    expect(opened.is.AiBucket).toMatchObject({ BucketId: BUCKET, Name: 'shop', Region: REGION });
    expect(opened.is.AiBucket.CreateTime).toMatch(/\+0800$/);
    const queues = await bare.ask('GET /ai_queue');
    expect(queues.is.QueueList).toMatchObject({ Category: 'AIProcess', State: 'Active' });

    const refused = await bare.ask('POST /jobs', videoJob());
    expect(refused).toMatchObject({ status: 400, is: { Code: 'CIRoleNotExist' } });
    const [role] = SERVICE_ROLES;
    if (!role) throw new Error('There is no role');
    await bare.engine.identities.putRole({ ...role, trust: role.trust.replace('ci.', 'scf.') });
    expect(await code(videoJob())).toBe('CIRoleNotExist');
    await bare.engine.identities.putRole(role);
    expect(await bare.recordOf(videoJob())).toMatchObject({ State: 'Success' });
    await bare.stop();
  });

  test('lists the buckets it opened, those of the region', async () => {
    const bare = await jobEngine({
      bareAccount: true,
      buckets: [BUCKET, 'a-1250000000', 'b-1250000000'],
    });
    await bare.engine.makeBucket({ name: 'far-1250000000', region: 'ap-beijing' });
    for (const name of ['b', 'far', 'shop']) {
      const region = name === 'far' ? 'ap-beijing' : REGION;
      await bare.ask('POST /picbucket', '', `${name}-1250000000.ci.${region}.myqcloud.com`);
    }
    const list = async (query: string) => {
      const { is } = await bare.ask(`GET /picbucket${query}`, undefined, ACCOUNT_HOST);
      const buckets = [is.PicBucketList ?? []].flat().map((bucket) => bucket.BucketId);
      return [is.TotalCount, is.PageNumber, is.PageSize, ...buckets];
    };
    expect(await list('')).toEqual(['2', '1', '10', 'b-1250000000', BUCKET]);
    expect(await list('?pageSize=1&pageNumber=2')).toEqual(['2', '2', '1', BUCKET]);
    expect(await list('?regions=ap-beijing')).toEqual(['1', '1', '10', 'far-1250000000']);
    expect(await list('?regions=All&bucketName=far')).toEqual(['1', '1', '10', 'far-1250000000']);
    expect(await list('?bucketNames=b-1250000000,x')).toEqual(['1', '1', '10', 'b-1250000000']);
    const wrong = await bare.ask('GET /picbucket?pageSize=101', undefined, ACCOUNT_HOST);
    expect(wrong).toMatchObject({ status: 400, is: { Code: 'InvalidArgument' } });
    await bare.stop();
  });
});
