// Who may import whom. What is not listed is not allowed.
// The table is the architecture of the project; CONTRIBUTING.md explains it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

const SHARED = [
  'shared/core',
  'shared/operations',
  'shared/plan',
  'shared/progress',
  'shared/config',
  'shared/wire',
  'shared/run',
  'shared/client',
  'shared/store',
  'shared/suite',
];

export const MAY_IMPORT = {
  'shared/core': [],
  'shared/operations': [
    'shared/core',
    'shared/wire/rule-text.ts',
    'shared/wire/rule-query.ts',
    'shared/wire/base64-url.ts',
  ],
  'shared/plan': ['shared/core', 'shared/operations'],
  'shared/progress': ['shared/core', 'shared/plan'],
  'shared/config': ['shared/core', 'shared/operations', 'shared/plan'],
  'shared/wire': ['shared/core'],
  'shared/run': ['shared/core', 'shared/plan', 'shared/progress'],
  'shared/client': [
    'shared/core',
    'shared/operations',
    'shared/wire',
    'shared/plan',
    'shared/progress',
    'shared/run',
  ],
  'shared/store': ['shared/core', 'shared/plan', 'shared/progress', 'shared/run', 'shared/client'],
  'shared/suite': SHARED,
  local: ['shared/core', 'shared/wire'],
  cli: [...SHARED, 'infra', 'local'],
  web: ['shared/plan', 'shared/progress', 'shared/operations', 'shared/config', 'shared/core'],
  infra: ['shared/core', 'shared/wire', 'shared/operations', 'shared/plan', 'shared/config'],
};

const A_FUNCTION_MAY_IMPORT = [
  'shared/suite',
  'shared/run',
  'shared/plan',
  'shared/progress',
  'shared/wire',
  'shared/core',
];

/** On top of the usual, for one function. */
const ALSO = { 'functions/on-demand': ['shared/config', 'shared/operations'] };

/** These run in a browser as well, so nothing of Node's may be imported there. */
const BROWSER = [
  'shared/core',
  'shared/operations',
  'shared/plan',
  'shared/progress',
  'shared/config',
  'shared/wire',
  'shared/run',
  'web',
];

/** Hashing needs Node's crypto; these files of otherwise portable areas have it. */
const NODE_ALLOWED = /^shared\/wire\/(signature|tc3|post-policy|crc64|hash)(-[a-z0-9-]+)?\.ts$/;

/** Where zod may be loaded: it costs a function more cold start than all our own code. */
const ZOD_ALLOWED = ['shared/config', 'infra', 'cli', 'functions/on-demand', 'test', 'bench'];

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What pure parts may take from npm. What can reach the network is not among it. */
const PACKAGES = { 'shared/config': ['yaml'] };

export function importsOf(text) {
  return [...text.matchAll(IMPORT)].map(([, from, bare, lazy]) => from ?? bare ?? lazy);
}

/** The row of the table a file belongs to; nothing for files that may import everything. */
export function areaOf(file) {
  const [top, second] = file.split('/');
  if (top === 'shared' || top === 'functions') return `${top}/${second}`;
  return top in MAY_IMPORT ? top : undefined;
}

function mayImport(area) {
  if (area.startsWith('functions/')) return [...A_FUNCTION_MAY_IMPORT, ...(ALSO[area] ?? [])];
  return MAY_IMPORT[area] ?? [];
}

/** Why a file may not import this, or nothing. `file` and what it imports are relative to the root. */
export function problemOf(file, specifier) {
  const area = areaOf(file);
  if (specifier === 'zod' || specifier.startsWith('zod/')) {
    const allowed = ZOD_ALLOWED.some((place) => file.startsWith(`${place}/`));
    return allowed ? undefined : `${file} imports zod`;
  }
  if (!area) return undefined;
  if (!specifier.startsWith('.')) {
    if (!BROWSER.includes(area)) return undefined;
    const allowed = specifier.startsWith('node:')
      ? NODE_ALLOWED.test(file)
      : area === 'web' || (PACKAGES[area] ?? []).includes(specifier);
    return allowed ? undefined : `${file} imports ${specifier}`;
  }
  const target = posix.join(posix.dirname(file), specifier);
  if (areaOf(target) === area) return undefined;
  const allowed = mayImport(area).some(
    (place) => target === place || target.startsWith(`${place}/`),
  );
  return allowed ? undefined : `${file} imports ${target}`;
}

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (/\.(ts|tsx|mts)$/.test(entry.name)) yield path;
  }
}

/** Every import of the project that is not in the table. */
export function importsAgainstTheTable(root) {
  const problems = [];
  for (const top of ['functions', 'shared', 'local', 'cli', 'web', 'infra', 'test', 'bench']) {
    let files;
    try {
      files = [...filesUnder(join(root, top))];
    } catch {
      continue; // the folder comes with its first file
    }
    for (const path of files) {
      const file = relative(root, path).split(sep).join('/');
      for (const specifier of importsOf(readFileSync(path, 'utf8'))) {
        const problem = problemOf(file, specifier);
        if (problem) problems.push(problem);
      }
    }
  }
  return problems;
}

if (process.argv[1] === import.meta.filename) {
  const problems = importsAgainstTheTable(dirname(import.meta.dirname));
  for (const problem of problems)
    console.error(`imports: ${problem}, which the table in scripts/imports.mjs does not allow`);
  process.exit(problems.length > 0 ? 1 : 0);
}
