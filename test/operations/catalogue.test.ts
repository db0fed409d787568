import { describe, expect, test } from 'vitest';
import { CATALOGUE, operationNamed } from '../../shared/operations/catalogue.ts';
import { defineOperation } from '../../shared/operations/define-operation.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import { PICTURE_BASICS, pictureActions } from '../../shared/operations/picture-basics.ts';
import { readParameters } from '../../shared/operations/read-parameters.ts';
import { callFor } from './sample.ts';

const pictures = CATALOGUE.filter(({ makes }) => makes === 'picture');

test('every operation is found by the name a rules file uses', () => {
  expect(CATALOGUE.map(({ name, wireName }) => `${name} ${wireName}`)).toEqual([
    'generic-matting AIPicMatting',
    'goods-matting GoodsMatting',
    'portrait-matting AIPortraitMatting',
    'image-repair ImageRepair',
    'super-resolution AISuperResolution',
    'colouring AIImageColoring',
    'enhance AIEnhanceImage',
    'smart-crop AIImageCrop',
    'picture imageMogr2',
    'segment-video-body SegmentVideoBody',
  ]);
  for (const operation of CATALOGUE) expect(operationNamed(operation.name)).toBe(operation);
});

test.for(['GoodsMatting', 'constructor', '__proto__', ''])('nothing is called "%s"', (name) => {
  expect(operationNamed(name)).toBeUndefined();
});

describe('a new operation', () => {
  const sepia = defineOperation({
    ...PICTURE_BASICS,
    ...pictureActions('ci:CreateSepiaJob'),
    name: 'sepia',
    summary: 'Makes a picture look old',
    wireName: 'AISepia',
    canFallBack: true,
    parameters: {
      years: { kind: 'whole', min: 1, max: 200, or: 50, says: 'How old.' },
      paper: { kind: 'object', says: 'A picture of the paper.' },
    },
    encode: ({ years, paper }) => ({ options: { age: years, paper: paper && '{paper}' } }),
  });
  const catalogue = [...CATALOGUE, sepia];
  const paper = {
    object: { bucket: 'studio-1300001234', region: 'ap-guangzhou', key: 'paper.jpg' },
    etag: 'p1',
  };

  test('is known once it is in the catalogue', () => {
    expect(operationNamed('sepia')).toBeUndefined();
    expect(operationNamed('sepia', catalogue)).toBe(sepia);
  });

  test('has its parameters checked and filled in from its data', () => {
    expect(readParameters(sepia, {})).toEqual({ parameters: { years: 50 } });
    expect(readParameters(sepia, { yaers: 10 })).toMatchObject({
      problems: [{ path: ['yaers'], nearest: 'years' }],
    });
  });

  test('can be asked for in every way of the service', () => {
    const given = { paper: 'paper.jpg' };
    const how = { borrowed: { paper }, fallBack: true, job: { level: 2 } } as const;
    const borrows = [{ ...paper, name: 'paper', as: 'base64-url' }];
    const rule = 'ci-process=AISepia&age=50&paper={paper}&ignore-error=1';

    expect(callFor(sepia, given, { ...how, via: 'pic-operations' })).toEqual({
      via: 'pic-operations',
      rule,
      borrows,
    });
    expect(callFor(sepia, given, { ...how, via: 'download' })).toEqual({
      via: 'download',
      query: [
        ['ci-process', 'AISepia'],
        ['age', '50'],
        ['paper', '{paper}'],
        ['ignore-error', '1'],
      ],
      borrows,
    });
    expect(callFor(sepia, given, { ...how, via: 'job' })).toEqual({
      via: 'job',
      tag: 'PicProcess',
      body: [
        [
          'PicProcess',
          [
            ['IsPicInfo', 'true'],
            ['ProcessRule', rule],
          ],
        ],
      ],
      borrows,
      settings: { level: 2 },
    });
  });

  test('is priced under its own name', () => {
    expect(sepia.priceKey).toBe('sepia');
  });
});

test.for(CATALOGUE)('what is said about $name is complete', (operation) => {
  const { name, summary, priceKey, methods, actions, parameters, unconfirmed } = operation;
  expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(summary).toMatch(/^[A-Z][^.]+$/);
  expect(priceKey).toBe(name);
  expect(Object.keys(actions).toSorted()).toEqual([...methods].toSorted());
  for (const { says } of [...Object.values(parameters), ...unconfirmed]) {
    expect(says).toMatch(/^[A-Z].*\.$/);
  }
});

test('no two operations share a name, here or on the service', () => {
  for (const part of ['name', 'wireName'] as const) {
    expect(new Set(CATALOGUE.map((operation) => operation[part])).size).toBe(CATALOGUE.length);
  }
});

test('five rules share a request, but the upload of a generic matting takes one', () => {
  expect(pictures.map(rulesOf)).toEqual([
    'generic-matting 1 5',
    'goods-matting 5 5',
    'portrait-matting 5 5',
    'image-repair 5 5',
    'super-resolution 5 5',
    'colouring 5 5',
    'enhance 5 5',
    'smart-crop 5 5',
    'picture 5 5',
  ]);
});

function rulesOf({ name, rulesPerRequest: { upload, cloud } }: Operation): string {
  return `${name} ${upload} ${cloud}`;
}

describe('permissions', () => {
  test('rendering at download needs the own action of an operation, as far as one is known', () => {
    expect(pictures.map(({ name, actions }) => [name, ...(actions.download ?? [])])).toEqual([
      ['generic-matting', 'cos:GetObject', 'ci:CreateS3AIPicMattingJob'],
      ['goods-matting', 'cos:GetObject', 'ci:CreateGoodsMattingJob'],
      ['portrait-matting', 'cos:GetObject'],
      ['image-repair', 'cos:GetObject', 'ci:CreateImageRepairJob'],
      ['super-resolution', 'cos:GetObject', 'ci:CreateSuperResolutionJob'],
      ['colouring', 'cos:GetObject', 'ci:CreateAIImageColoringJob'],
      ['enhance', 'cos:GetObject', 'ci:CreateAIEnhanceImageJob'],
      ['smart-crop', 'cos:GetObject'],
      ['picture', 'cos:GetObject'],
    ]);
  });

  test.for(pictures)('storing the result of $name needs object actions alone', ({ actions }) => {
    expect(actions.upload).toEqual(['cos:PutObject']);
    expect(actions.cloud).toEqual(['cos:GetObject', 'cos:PutObject']);
    expect(actions.job).toEqual(['ci:CreatePicProcessJobs']);
  });

  test('a video job needs the action its page names, odd as it is', () => {
    expect(operationNamed('segment-video-body')?.actions).toEqual({
      job: ['ci:CreateBodyJointsDetectJob'],
    });
  });

  test('actions that only some page asks for are kept apart', () => {
    expect(operationNamed('goods-matting')?.doubtful).toEqual({
      upload: ['ci:CreateGoodsMattingJob'],
      cloud: ['ci:CreateGoodsMattingJob'],
      job: ['ci:CreateMediaJobs', 'ci:CreateGoodsMattingJob'],
    });
    expect(operationNamed('enhance')?.doubtful.download).toEqual(['ci:CreateEnhanceImageJob']);
    expect(operationNamed('segment-video-body')?.doubtful).toEqual({ job: ['ci:CreateMediaJobs'] });
  });

  test('an action whose name nobody knows is said to be unknown, not invented', () => {
    const unknown = CATALOGUE.filter(({ unconfirmed }) =>
      unconfirmed.some(({ method, what }) => method === 'download' && what === 'action'),
    );
    expect(unknown.map(({ name }) => name)).toEqual(['portrait-matting', 'smart-crop']);
  });

  test('whatever can run as a job passes the role of the service', () => {
    const passing = CATALOGUE.filter(({ passesRole }) => passesRole);
    expect(passing).toEqual(CATALOGUE.filter(({ methods }) => methods.includes('job')));
  });
});

test('a picture job is confirmed for nothing but pipelines', () => {
  const unsure = pictures.filter(({ unconfirmed }) =>
    unconfirmed.some(({ method, what }) => method === 'job' && what === 'method'),
  );
  expect(unsure).toEqual(pictures.filter(({ name }) => name !== 'picture'));
});

test('what an operation takes at most is known where a page says it', () => {
  expect(CATALOGUE.map(({ name, input: { formats: _, ...limits } }) => [name, limits])).toEqual([
    ...['generic-matting', 'goods-matting', 'portrait-matting', 'image-repair'].map(general),
    ['super-resolution', { maxBytes: 5_242_880, maxWidth: 1920, maxHeight: 1080 }],
    ['colouring', { maxBytes: 5_242_880, maxSide: 50_000, maxPixels: 250_000_000 }],
    ...['enhance', 'smart-crop', 'picture'].map(general),
    ['segment-video-body', {}],
  ]);
});

function general(name: string) {
  return [name, { maxBytes: 33_554_432, maxSide: 50_000, maxPixels: 250_000_000 }];
}
