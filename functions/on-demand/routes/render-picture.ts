import { allowedPicture } from '../allowed-picture.ts';
import { downloadCall } from '../download-call.ts';
import { objectOf } from '../named.ts';
import { pathPart } from '../path-part.ts';
import { redirectTo } from '../redirect-to.ts';
import { renderAsked } from '../render-asked.ts';
import type { Route } from '../route.ts';
import { LINK_QUERY, PictureUrl, Template } from '../shapes.ts';

export const renderPicture: Route = {
  id: 'renderPicture',
  method: 'GET',
  path: '/v1/render/{template}',
  summary: 'Show what a template makes of a picture elsewhere',
  says: 'The service fetches the picture and processes it on the way. Nothing is stored, so every look at it is paid for.',
  opens: 'key or link',
  given: [
    { in: 'path', name: 'template', schema: Template },
    { in: 'query', name: 'url', schema: PictureUrl, needed: true },
    ...LINK_QUERY,
  ],
  example: { query: '?url=https%3A%2F%2Fimg.example.com%2Fmug.jpg' },
  answers: { 303: { says: 'Where it is made', headers: ['location', 'cache-control'] } },
  run({ env, req }) {
    const { event, suite } = env;
    const { url = '' } = event.query;
    const reference = pathPart(req.path, 3, 'alone');
    const { output, left } = renderAsked(reference, { url }, env);
    const pictureUrl = allowedPicture(url, suite.rules.http.sources);
    const call = downloadCall(output);
    // The service wants a bucket in the address; which one it is makes no difference.
    const { bucket, region } = objectOf({ key: '' }, suite);
    const from = { bucket, region, pictureUrl };
    return redirectTo((seconds) => suite.addresses.toRender(from, call, seconds), left);
  },
};
