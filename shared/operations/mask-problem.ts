import {
  isText,
  keyProblem,
  type ParameterProblem,
  pairProblem,
  unknownName,
  wrongValue,
} from './parameter-problem.ts';

type Path = ParameterProblem['path'];

const FORMS = ['key', 'url', 'polygons'];

/** Polygons travel in a header, and many servers read no more than 16 KB of those. */
const MOST_POINTS = 500;

/** No picture that the service takes is wider or higher. */
const FARTHEST = 50_000;

const LONGEST_ADDRESS = 2_000;

/** In the query of an address they say that it was signed, so that it will expire. */
const SIGNED_BY = ['q-signature', 'sign', 'x-cos-security-token'];

/** What is wrong with a mask from outside; nothing if it is a `MaskValue`. */
export function maskProblem(mask: unknown, path: Path): ParameterProblem | undefined {
  if (typeof mask !== 'object' || mask === null || Array.isArray(mask)) {
    return wrongValue(mask, 'a key, a url or polygons, each under that name', path);
  }
  const forms = Object.entries(mask);
  const unknown = forms.find(([form]) => !FORMS.includes(form));
  if (unknown) return unknownName([...path, unknown[0]], 'form of a mask', FORMS);

  const [given, another] = forms;
  if (!given || another) {
    return { path, wrong: `has ${forms.length} forms`, right: 'one of key, url, polygons' };
  }
  const [form, value] = given;
  const inside = [...path, form];
  if (form === 'key') return keyProblem(value, inside);
  return form === 'url' ? addressProblem(value, inside) : polygonsProblem(value, inside);
}

function addressProblem(url: unknown, path: Path): ParameterProblem | undefined {
  const address = addressOf(url);
  if (!address) return wrongValue(url, 'an address that starts with http:// or https://', path);

  // It stands in step ids and logs as it was given, so it may neither expire nor be a secret.
  const signed = SIGNED_BY.some((name) => address.searchParams.has(name));
  return signed || address.username !== '' || address.password !== ''
    ? { path, wrong: 'holds a signature or a password', right: 'public, or the mask given by key' }
    : undefined;
}

function addressOf(url: unknown): URL | undefined {
  if (!isText(url, LONGEST_ADDRESS) || !/^https?:\/\/\S+$/i.test(url)) return undefined;
  return URL.canParse(url) ? new URL(url) : undefined;
}

function polygonsProblem(polygons: unknown, path: Path): ParameterProblem | undefined {
  if (!Array.isArray(polygons) || polygons.length === 0) {
    return wrongValue(polygons, 'a list of polygons', path);
  }
  let points = 0;
  for (const [index, polygon] of polygons.entries()) {
    const inside = [...path, index];
    if (!Array.isArray(polygon) || polygon.length < 3) {
      return wrongValue(polygon, 'a list of three points or more', inside);
    }
    points += polygon.length;
    if (points > MOST_POINTS) {
      return { path, wrong: `has more than ${MOST_POINTS} points`, right: 'drawn with fewer' };
    }
    const problem = polygonProblem(polygon, inside);
    if (problem) return problem;
  }
  return undefined;
}

function polygonProblem(polygon: readonly unknown[], path: Path): ParameterProblem | undefined {
  for (const [index, point] of polygon.entries()) {
    const problem = pairProblem(point, { min: 0, max: FARTHEST }, [...path, index]);
    if (problem) return problem;
  }
  return undefined;
}
