import { alphaByModel, type Memory } from '../../vision/models/alpha-by-model.ts';
import type { Model } from '../../vision/models/open-model.ts';
import type { Colours } from '../clip.ts';
import type { Matter } from '../matter.ts';
import type { Planes, Size } from '../planes.ts';
import { rgbaOfFrame } from '../rgba-of-frame.ts';
import { SceneCuts } from './scene-cut.ts';
import { Shrinker } from './small-frame.ts';

/** People by a model that was plugged in. What it remembers is of one scene, and never of another. */
export class ModelMatter implements Matter {
  readonly #model: Model;
  readonly #matrix: Colours['matrix'];
  readonly #cuts = new SceneCuts();
  readonly #shrinker: Shrinker;
  #memory: Memory = {};

  constructor(size: Size, model: Model, matrix: Colours['matrix']) {
    this.#model = model;
    this.#matrix = matrix;
    this.#shrinker = new Shrinker(size);
  }

  async matte(frame: Planes, alpha: Uint8Array): Promise<void> {
    if (this.#cuts.isCut(this.#shrinker.shrink(frame))) this.#memory = {};
    const picture = rgbaOfFrame(frame, this.#matrix);
    const answer = await alphaByModel(this.#model, picture, this.#memory);
    this.#memory = answer.memory;
    alpha.set(answer.alpha);
  }
}
