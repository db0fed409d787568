import { apiPage } from '../api-page.ts';
import { openapiDocument } from '../openapi-document.ts';
import type { Route } from '../route.ts';

const AN_HOUR = 'public, max-age=3600';

/** Nothing on the page comes from elsewhere, and nothing of it runs. */
const NOTHING_ELSE =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/** What these routes say about themselves, for programs and for people. */
export function apiPages(routes: readonly Route[]): readonly Route[] {
  const open = { method: 'GET', opens: 'nothing', given: [] } as const;
  return [
    {
      ...open,
      id: 'openapi',
      path: '/openapi.json',
      summary: 'This page for programs',
      says: 'The same as OpenAPI 3.1.',
      answers: { 200: { says: 'The description', type: 'application/json' } },
      run: () =>
        Response.json(openapiDocument([...routes, ...apiPages(routes)]), {
          headers: { 'cache-control': AN_HOUR },
        }),
    },
    {
      ...open,
      id: 'page',
      path: '/',
      summary: 'This page',
      says: 'What can be asked, for people.',
      answers: { 200: { says: 'The page', type: 'text/html' } },
      run: () =>
        new Response(apiPage([...routes, ...apiPages(routes)]), {
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'cache-control': AN_HOUR,
            'content-security-policy': NOTHING_ELSE,
          },
        }),
    },
  ];
}
