import { afterAll, expect, test } from 'vitest';
import { BUCKET, REGION } from '../../engine-for-tests.ts';
import { pictureJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine();
const { engine, operations, cos, ask, put, recordOf } = started;
afterAll(() => started.stop());

test('a picture job runs its rule and tells what came of it', async () => {
  const record = await recordOf(pictureJob('ci-process=GoodsMatting&center-layout=1'));
  expect(record).toMatchObject({ State: 'Success', Tag: 'PicProcess' });
  const output = await cos.getObject({ Bucket: BUCKET, Region: REGION, Key: 'out/a.png' });
  expect(JSON.parse(output.Body.toString().replace(' of picture', ''))).toEqual({
    ...{ kind: 'ci-process', operation: 'GoodsMatting', options: [['center-layout', '1']] },
  });
  expect(output.headers).toMatchObject({ 'content-type': 'image/png' });
  const source = engine.storage.objects.head(BUCKET, 'in/a.png');
  expect(record.Operation.PicProcessResult).toEqual({
    ObjectName: 'out/a.png',
    OriginalInfo: {
      Etag: `"${source?.etag}"`,
      ImageInfo: {
        ...{ Format: 'PNG', Width: '4', Height: '3', Quality: '100' },
        ...{ Ave: '0x102030', Orientation: '0' },
      },
    },
    ProcessResult: {
      ...{ Etag: output.ETag, Format: 'png', Height: '3', Width: '4', Quality: '100' },
      Size: output.headers?.['content-length'],
    },
  });
});

test('a picture job fetches the mask of a repair', async () => {
  await put('masks/m.png', 'mask');
  await engine.storage.objects.update(BUCKET, 'masks/m.png', {
    acl: { canned: 'public-read', grants: [] },
  });
  const address = `http://${BUCKET}.cos.${REGION}.myqcloud.com/masks/m.png`;
  const mask = Buffer.from(address).toString('base64url');
  expect(await recordOf(pictureJob(`ci-process=ImageRepair&MaskPic=${mask}`))).toMatchObject({
    State: 'Success',
  });
  expect(Buffer.from(operations.pictures.at(-1)?.mask ?? []).toString()).toBe('mask');
});

test.for([
  [pictureJob('style/mine'), 501, 'NotImplemented', 'styles'],
  [
    pictureJob('style/mine').replace(/<PicProcess>.*<\/PicProcess>/, '<TemplateId>t1</TemplateId>'),
    501,
    'NotImplemented',
    'templates',
  ],
  [pictureJob('rotate'), 400, 'InvalidArgument', 'ci-process'],
  [
    pictureJob('x').replace(/<PicProcess>.*<\/PicProcess>/, ''),
    400,
    'InvalidArgument',
    'PicProcess',
  ],
] as const)(
  'a picture job that nobody can do is refused for its %s',
  async ([body, status, code, word]) => {
    const { is, ...rest } = await ask('POST /pic_jobs', body);
    expect({ status: rest.status, code: is.Code }).toEqual({ status, code });
    expect(is.Message).toContain(word);
  },
);
