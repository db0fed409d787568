import type { SegmentParameters } from '../ci/operations-port.ts';
import { openModel } from '../vision/models/open-model.ts';
import type { Colours } from './clip.ts';
import { putOver, writeMask } from './compose.ts';
import { Keyer } from './key/keyer.ts';
import type { Matter } from './matter.ts';
import { facesOf } from './people/faces-of.ts';
import { ModelMatter } from './people/model-matter.ts';
import { PersonMatter } from './people/person-matter.ts';
import { SceneMaker } from './people/scene-maker.ts';
import { smallSize } from './people/small-frame.ts';
import { bytesOfFrame, planesOf, type Size } from './planes.ts';
import { thresholdTable } from './threshold.ts';
import { yuvOf } from './yuv.ts';

/** Everything that the frames of one video are worked on with; it can be sent to a thread. */
export interface FrameTask {
  readonly size: Size;
  readonly matrix: Colours['matrix'];
  readonly parameters: SegmentParameters;
  /** The picture behind all frames, where there is one; another may come with each frame. */
  readonly ground?: Uint8Array | undefined;
  /** The file of a model that finds people. */
  readonly model?: string | undefined;
}

/** What is done with the frames of one video. */
export interface FrameWork {
  /** Only looks at a small frame; all of them come before the first that is worked on. */
  look(pixels: Uint8Array): void;
  /** Works on a frame in place. */
  work(pixels: Uint8Array, ground?: Uint8Array): Promise<void>;
}

export function frameWork(task: FrameTask): FrameWork {
  const { size, parameters } = task;
  const alpha = new Uint8Array(size.width * size.height);
  const scenes = new SceneMaker(smallSize(size));
  let matter: Matter | undefined;
  const harder = thresholdTable(parameters.binaryThreshold);
  const still = parameters.mode === 'Mask' ? undefined : (task.ground ?? oneColour(task));
  return {
    look: (pixels) => scenes.add(pixels),
    async work(pixels, ground = still) {
      const frame = planesOf(pixels, size);
      matter ??= await matterFor(task, scenes);
      await matter.matte(frame, alpha);
      if (harder) {
        for (let at = 0; at < alpha.length; at++) alpha[at] = harder[alpha[at] as number] as number;
      }
      if (ground === undefined) writeMask(frame, alpha);
      else putOver(frame, alpha, planesOf(ground, size), matter.behind);
    },
  };
}

async function matterFor(
  { size, parameters, matrix, model }: FrameTask,
  scenes: SceneMaker,
): Promise<Matter> {
  const { segmentType, remove } = parameters;
  if (segmentType === 'HumanSeg' && model !== undefined) {
    return new ModelMatter(size, await openModel(model, 'human-seg'), matrix);
  }
  if (segmentType === 'HumanSeg') return new PersonMatter(size, scenes.scenes(), facesOf);
  if (segmentType === 'SolidColorSeg') return new Keyer(yuvOf(remove, matrix));
  return new Keyer();
}

/** A frame of the colour that mode Foreground puts behind the subject. */
function oneColour({ size, parameters, matrix }: FrameTask): Uint8Array {
  const colour = yuvOf(parameters.background, matrix);
  const pixels = new Uint8Array(bytesOfFrame(size));
  const { y, u, v } = planesOf(pixels, size);
  y.fill(Math.round(colour.y));
  u.fill(Math.round(colour.u));
  v.fill(Math.round(colour.v));
  return pixels;
}
