import { toFault } from '../core/fault.ts';
import { type PicRule, readRule, writeRule } from '../wire/rule-text.ts';
import { defineOperation } from './define-operation.ts';
import { AS_SOURCE, PICTURE_BASICS, PICTURE_INPUT, pictureActions } from './picture-basics.ts';

export const picture = defineOperation({
  ...PICTURE_BASICS,
  ...pictureActions(),
  name: 'picture',
  summary: 'Scales, turns, crops, marks or converts a picture, in the words of the service',
  wireName: 'imageMogr2',
  input: { ...PICTURE_INPUT, formats: [...PICTURE_INPUT.formats, 'heif'] },
  output: AS_SOURCE,
  billedPer: 'gigabyte',
  unconfirmed: [],
  parameters: {
    pipeline: {
      kind: 'text',
      maxLength: 2000,
      required: true,
      says: 'What to do, as `imageMogr2/thumbnail/800x`; several are joined by `|`. To keep the original when it fails, write `ignore-error/1` into it.',
    },
  },
  problemOf: ({ pipeline }) => pipelineProblem(pipeline),
  encode: ({ pipeline }) => ({ rule: writeRule(readRule(pipeline)) }),
});

function pipelineProblem(pipeline: string): string | undefined {
  try {
    return kindProblem(readRule(pipeline).kind);
  } catch (thrown) {
    return toFault(thrown, 'PARAMETER_INVALID').message;
  }
}

function kindProblem(kind: PicRule['kind']): string | undefined {
  switch (kind) {
    case 'ci-process':
      return 'A pipeline holds no ci-process: such an operation has a name of its own here';
    case 'style':
      return 'A pipeline holds no style: the bucket could change it, and no step would be done again';
    case 'pipeline':
      return undefined;
  }
}
