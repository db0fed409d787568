import type { Planes } from '../planes.ts';
import type { Face } from './body-prior.ts';

/** Finds the faces of a small frame. */
export type FindFaces = (frame: Planes) => readonly Face[];

export const findFaces: FindFaces = () => [];
