import { encodePath, percentEncode } from './percent.ts';

/** What a link shows: what a template makes of an object, or of a picture somewhere else. */
export interface Link {
  /** As the link names it: `cutout` for its highest version, `cutout@1` for just that one. */
  readonly template: string;
  readonly of: { readonly key: string; readonly bucket?: string } | { readonly url: string };
  /** Which output of the template, from 1. */
  readonly output: number;
  readonly untilSeconds: number;
}

/** Path and query of a link. */
export function writeLink(link: Link, seal: (text: string) => string): string {
  const { template, of, output, untilSeconds } = link;
  const path = `/v1/render/${percentEncode(template)}`;
  const query = [
    ...('url' in of ? [['url', of.url]] : []),
    ...('key' in of && of.bucket !== undefined ? [['bucket', of.bucket]] : []),
    ...(output === 1 ? [] : [['output', String(output)]]),
    ['expires', String(untilSeconds)],
    ['signature', seal(linkText(link))],
  ].map(([name, value = '']) => `${name}=${percentEncode(value)}`);
  return `${path}${'key' in of ? `/${encodePath(of.key)}` : ''}?${query.join('&')}`;
}

/** What is sealed of a link: a list, so that nothing can be moved from one part into the next. */
export function linkText({ template, of, output, untilSeconds }: Link): string {
  const subject = 'url' in of ? ['url', of.url] : ['key', of.key, of.bucket ?? ''];
  return JSON.stringify(['link', template, ...subject, output, untilSeconds]);
}
