/**
 * How Node.js is started for a function: it reads its own files and those of the code, writes its own,
 * and starts nothing else. Newer versions call it otherwise, and have more to allow.
 */
export function processFlags({
  reads,
  writes,
  memory,
}: {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly memory: number;
}): readonly string[] {
  const known = process.allowedNodeEnvironmentFlags;
  return [
    known.has('--permission') ? '--permission' : '--experimental-permission',
    ...(known.has('--allow-net') ? ['--allow-net'] : []),
    ...[...reads, ...writes].map((path) => `--allow-fs-read=${path}`),
    ...writes.map((path) => `--allow-fs-write=${path}`),
    `--max-old-space-size=${memory}`,
    '--disable-warning=ExperimentalWarning',
  ];
}
