import COS from 'cos-nodejs-sdk-v5';
import { afterAll, describe, expect, test } from 'vitest';
import { readCiTime } from '../../../../shared/wire/ci-time.ts';
import { BUCKET, engineForTests, REGION, SDKS } from '../../engine-for-tests.ts';
import { asked, outputTo, videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';
import { mp4 } from './mp4-file.ts';

const started = await jobEngine({ buckets: [BUCKET, 'other-1250000000'] });
const { engine, operations, ask, put, done, heldBack, letGo } = started;
afterAll(() => started.stop());

describe.for(SDKS)('with the Node client %s', ([, Sdk]) => {
  const sdk = started.client(Sdk);

  test('a job is answered as it was sent, and waits', async () => {
    const before = engine.clock.now();
    const { status, headers, is } = await asked(
      sdk,
      'POST /jobs',
      videoJob({
        segment: '<Mode>Foreground</Mode><BackgroundRed>200</BackgroundRed>',
        operation: '<UserData>mine</UserData><JobLevel>1</JobLevel>',
      }),
    );
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      ...{ server: 'tencent-ci', 'content-type': 'application/xml', 'x-darkroom-engine': 'held' },
      'x-ci-request-id': expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
    });
    expect(headers).not.toHaveProperty('x-cos-request-id');
    const { JobId, QueueId, CreationTime, ...record } = is.JobsDetail;
    expect(JobId).toMatch(/^a[0-9a-f]{32}$/);
    expect(QueueId).toMatch(/^p[0-9a-f]{32}$/);
    expect(CreationTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0800$/);
    expect(readCiTime(CreationTime)).toBeGreaterThan(before - 1000);
    expect(record).toEqual({
      ...{ Code: 'Success', Message: '', State: 'Submitted', StartTime: '-', EndTime: '-' },
      Tag: 'SegmentVideoBody',
      Input: { BucketId: BUCKET, Object: 'in/a.mp4', Region: REGION },
      Operation: {
        SegmentVideoBody: { Mode: 'Foreground', BackgroundRed: '200' },
        Output: { Region: REGION, Bucket: BUCKET, Object: 'out/a.mp4' },
        ...{ UserData: 'mine', JobLevel: '1' },
      },
    });
    await engine.jobs.idle();
  });

  test('a job by its id, a list and a cancellation are what the client expects', async () => {
    const [id] = await heldBack(11);
    const { is: got } = await asked(sdk, `GET /jobs/${id}`);
    expect(got.JobsDetail).toMatchObject({
      JobId: id,
      State: 'Running',
      Progress: '0',
      EndTime: '-',
    });
    const { is: list } = await asked(sdk, 'GET /jobs?tag=SegmentVideoBody&states=Submitted');
    expect(list.JobsDetail).toMatchObject({ State: 'Submitted' });
    const cancelled = await asked(sdk, `PUT /jobs/${list.JobsDetail.JobId}?cancel`);
    expect(cancelled).toMatchObject({ status: 200, headers: { 'content-length': '0' } });
    const { is: after } = await asked(sdk, `GET /jobs/${list.JobsDetail.JobId}`);
    expect(after.JobsDetail).toMatchObject({ State: 'Cancel', Code: 'Success', StartTime: '-' });
    expect(after.JobsDetail.EndTime).not.toBe('-');
    await letGo();
  });

  test('a queue is told of, paused and told whom to call', async () => {
    const { is: list } = await asked(sdk, 'GET /queue?category=AIProcess');
    expect(list).toMatchObject({ TotalCount: '1', PageNumber: '1', PageSize: '10' });
    const { QueueId, BucketId, MaxSize, MaxConcurrent, State } = list.QueueList;
    expect({ BucketId, MaxSize, MaxConcurrent, State }).toEqual({
      ...{ BucketId: BUCKET, MaxSize: '10000', MaxConcurrent: '10', State: 'Active' },
    });
    const notify =
      '<NotifyConfig><Url>http://callback.example.com/</Url><State>On</State>' +
      '<Event>TaskFinish</Event><Type>Url</Type><ResultFormat>JSON</ResultFormat></NotifyConfig>';
    const update = (state: string, more: string) =>
      `<Request><Name>mine</Name><State>${state}</State>${more}</Request>`;
    const changed = await asked(sdk, `PUT /queue/${QueueId}`, update('Paused', notify));
    expect(changed.is.Queue).toMatchObject({
      ...{ QueueId, Name: 'mine', State: 'Paused' },
      NotifyConfig: { State: 'On', ResultFormat: 'JSON', Event: 'TaskFinish' },
    });
    const again = await asked(sdk, `PUT /queue/${QueueId}`, update('Active', ''));
    expect(again.is.Queue).toMatchObject({ State: 'Active', NotifyConfig: '' });
  });
});

test('a finished job tells of its output, byte for byte and frame for frame', async () => {
  const bytes = mp4();
  const instant = await engineForTests();
  await instant.engine.storage.objects.put(BUCKET, 'in/film.mp4', bytes);
  const client = instant.client(COS);
  const { is } = await asked(client, 'POST /jobs', videoJob({ input: 'in/film.mp4' }));
  await instant.engine.jobs.idle();
  const { is: ended, headers } = await asked(client, `GET /jobs/${is.JobsDetail.JobId}`);
  expect(headers).toMatchObject({ 'x-darkroom-engine': 'instant' });
  const { State, Code, Message, Progress, Operation } = ended.JobsDetail;
  expect({ State, Code, Message, Progress }).toEqual({
    ...{ State: 'Success', Code: 'Success', Message: 'Success', Progress: '100' },
  });
  const output = await client.getObject({ Bucket: BUCKET, Region: REGION, Key: 'out/a.mp4' });
  expect(output.Body.equals(bytes)).toBe(true);
  expect(output.headers).toMatchObject({ 'content-type': 'video/mp4' });
  expect(Operation.MediaResult).toEqual({
    OutputFile: {
      ...{ Bucket: BUCKET, Region: REGION, ObjectName: 'out/a.mp4' },
      Md5Info: { ObjectName: 'out/a.mp4', Md5: output.ETag.replaceAll('"', '') },
    },
  });
  expect(Operation.MediaInfo.Format).toMatchObject({ Duration: '2', NumStream: '2' });
  expect(Operation.MediaInfo.Stream).toMatchObject({
    Video: { CodecName: 'h264', Width: '640', Height: '360', Fps: '25.000', NumFrames: '50' },
    Audio: { CodecName: 'aac', Channel: '2', SampleRate: '44100' },
  });
  await instant.stop();
});

test('the output of a job raises an event, and says who wrote it', async () => {
  await engine.events.rules.add({
    ...{ id: 'all', bucket: BUCKET, events: ['cos:ObjectCreated:*'], enabled: true },
    ...{ prefix: 'raised/', suffix: '', subscriber: 'nobody' },
  });
  const id = await done(videoJob({ output: 'raised/a.mp4' }));
  const [event] = engine.events.list({ subscriber: 'nobody' });
  expect(event?.event).toMatchObject({
    name: 'cos:ObjectCreated:Put',
    object: { key: 'raised/a.mp4', contentType: 'video/mp4' },
  });
  expect(engine.storage.objects.head(BUCKET, 'raised/a.mp4')?.writtenBy).toBe(`ci job ${id}`);
  await engine.events.rules.remove(BUCKET, 'all');
});

test('everything a job says of its video reaches whoever makes it', async () => {
  await put('bg/plus+and space.jpg', 'beach');
  const address = `http://${BUCKET}.cos.${REGION}.myqcloud.com/bg/plus+and%20space.jpg?x=1&amp;y`;
  await done(
    videoJob({
      segment:
        '<Mode>Combination</Mode><SegmentType>SolidColorSeg</SegmentType><BinaryThreshold>7</BinaryThreshold>' +
        `<RemoveGreen>255</RemoveGreen><BackgroundBlue>9</BackgroundBlue><BackgroundLogoUrl>${address}</BackgroundLogoUrl>`,
    }),
  );
  const work = operations.begun.at(-1);
  expect(work?.parameters).toEqual({
    ...{ mode: 'Combination', segmentType: 'SolidColorSeg', binaryThreshold: 7 },
    ...{ background: [0, 0, 9], remove: [0, 255, 0] },
  });
  expect(work?.backgroundPath).toMatch(/background\.jpg$/);
  expect(work?.inputPath).toMatch(/input\.mp4$/);
});

test('several operations become jobs of their own, and one that cannot be stops them all', async () => {
  const operation = (tag: string, inside: string, key: string) =>
    `<Operation><Tag>${tag}</Tag>${inside}${outputTo(key)}</Operation>`;
  const video = operation('SegmentVideoBody', '', 'several/a.mp4');
  const picture = operation(
    'PicProcess',
    '<PicProcess><ProcessRule>imageMogr2/rotate/90</ProcessRule></PicProcess>',
    'several/a.png',
  );
  const request = (operations: string) =>
    `<Request><Input><Object>in/a.png</Object></Input>${operations}</Request>`;
  const { is } = await ask('POST /jobs', request(video + picture));
  expect(is.JobsDetail).toMatchObject([{ Tag: 'SegmentVideoBody' }, { Tag: 'PicProcess' }]);
  expect(is.JobsDetail[1].JobId).toMatch(/^c/);
  expect(is.JobsDetail[0].QueueId).not.toBe(is.JobsDetail[1].QueueId);
  await engine.jobs.idle();

  const count = async () =>
    (await ask('GET /jobs?tag=SegmentVideoBody&size=100')).is.JobsDetail.length;
  const before = await count();
  const refused = await ask('POST /jobs', request(video + operation('Nothing', '', 'x')));
  expect(refused).toMatchObject({ status: 400, is: { Code: 'InvalidArgument' } });
  expect(await count()).toBe(before);
});

test('ids that are nobody’s are told apart from those that are somebody’s', async () => {
  const id = await done(videoJob());
  const stranger = `a${'0'.repeat(32)}`;
  const { status, is } = await ask(`GET /jobs/${id},${stranger},x`);
  expect(status).toBe(200);
  expect(is.JobsDetail.JobId).toBe(id);
  expect(is.NonExistJobIds).toEqual([stranger, 'x']);
  const eleven = Array.from({ length: 11 }, (_, index) => `a${index}`).join(',');
  expect((await ask(`GET /jobs/${eleven}`)).is.Code).toBe('InvalidArgument');
  const otherHost = `other-1250000000.ci.${REGION}.myqcloud.com`;
  const elsewhere = await ask(`GET /jobs/${id}`, undefined, otherHost);
  expect(elsewhere.is).toMatchObject({ NonExistJobIds: id });
});
