import { planesOf, type Size } from '../planes.ts';
import { type Plate, PlateMaker } from './plate.ts';
import { SceneCuts } from './scene-cut.ts';

/** A scene, from its first frame on; no plate where the camera moves. */
export interface Scene {
  readonly from: number;
  readonly plate?: Plate | undefined;
}

/** Plates are kept for so many scenes; a video that is cut more often does without in the rest. */
const MAX_PLATES = 200;

/** Looks through a video, small frame by small frame, and parts it into scenes. */
export class SceneMaker {
  readonly #size: Size;
  readonly #cuts = new SceneCuts();
  readonly #maker: PlateMaker;
  readonly #done: Scene[] = [];
  #plates = 0;
  #from = 0;
  #seen = 0;

  constructor(size: Size) {
    this.#size = size;
    this.#maker = new PlateMaker(size);
  }

  add(pixels: Uint8Array): void {
    if (this.#cuts.isCut(planesOf(pixels, this.#size))) this.#end();
    this.#maker.add(pixels);
    this.#seen += 1;
  }

  scenes(): readonly Scene[] {
    this.#end();
    return this.#done;
  }

  #end(): void {
    const plate = this.#plates < MAX_PLATES ? this.#maker.plate() : undefined;
    if (plate) this.#plates += 1;
    this.#done.push({ from: this.#from, plate });
    this.#from = this.#seen;
  }
}
