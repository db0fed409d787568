import { type Finding, type Path, quoted } from './problem.ts';
import { entriesOf, listOf, partOf } from './unknown-parts.ts';

/** The lists whose entries have names, and where they stand. */
const NAMED = {
  rules: ['rules'],
  schedule: ['schedule'],
  notices: ['notices'],
  callers: ['http', 'callers'],
} as const satisfies Record<string, Path>;

type Section = keyof typeof NAMED;

const SECTIONS = Object.keys(NAMED) as readonly Section[];

/** What the file calls its parts, also those that are wrong in themselves, and where they stand. */
export interface Names {
  /** `cutout@2` */
  readonly templates: readonly string[];
  readonly rules: readonly string[];
  pathOf(section: Section, name: string): Path;
}

export function namesIn(file: unknown): Names {
  const paths = new Map<string, Path>();
  for (const section of SECTIONS) {
    for (const [name, path] of namedIn(file, section)) {
      // Of two with one name the first keeps it; the second is a problem of its own.
      const id = `${section} ${name}`;
      if (!paths.has(id)) paths.set(id, path);
    }
  }
  return {
    templates: entriesOf(partOf(file, 'templates')).map(([key]) => key),
    rules: namedIn(file, 'rules').map(([name]) => name),
    pathOf: (section, name) => paths.get(`${section} ${name}`) ?? NAMED[section],
  };
}

export function* duplicateNames(file: unknown): Iterable<Finding> {
  for (const section of SECTIONS) {
    const seen = new Set<string>();
    for (const [name, path] of namedIn(file, section)) {
      if (seen.has(name)) {
        const message = `Another one in ${section} is called ${quoted(name)}`;
        yield { code: 'duplicate-name', path: [...path, 'name'], message, hint: 'Rename one' };
      }
      seen.add(name);
    }
  }
}

function namedIn(file: unknown, section: Section): readonly (readonly [string, Path])[] {
  const list = NAMED[section].reduce<unknown>(partOf, file);
  return listOf(list).flatMap((entry, index) => {
    const name = partOf(entry, 'name');
    return typeof name === 'string' ? [[name, [...NAMED[section], index]] as const] : [];
  });
}
