import type { Route } from './route.ts';
import { apiPages } from './routes/api-pages.ts';
import { getHealth } from './routes/get-health.ts';
import { getRun } from './routes/get-run.ts';
import { postRun } from './routes/post-run.ts';
import { postUpload } from './routes/post-upload.ts';
import { renderObject } from './routes/render-object.ts';
import { renderPicture } from './routes/render-picture.ts';

const WORK = [postRun, getRun, renderObject, renderPicture, postUpload, getHealth];

/** Everything that can be asked, in the order of the page about it. */
export const ROUTES: readonly Route[] = [...WORK, ...apiPages(WORK)];
