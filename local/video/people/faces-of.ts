import { findFaces } from '../../vision/faces/find-faces.ts';
import type { Planes } from '../planes.ts';
import type { Face } from './body-prior.ts';
import { skinFaces } from './skin-faces.ts';

/** Faces by their features, and where none is found by their colour: somebody may look aside. */
export function facesOf(frame: Planes): readonly Face[] {
  const { width, height, y } = frame;
  const found = findFaces({ width, height, data: y });
  return found.length > 0 ? found : skinFaces(frame);
}
