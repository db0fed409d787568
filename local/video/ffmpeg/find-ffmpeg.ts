import { execFile } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A program that decodes and encodes videos, and what it has to be told in its own version. */
export interface Ffmpeg {
  readonly path: string;
  readonly from: 'system' | 'package';
  /** Its first line about itself, without its compiler. */
  readonly version: string;
  /** The option that lets frames keep their times: it was renamed. */
  readonly keepTimes: readonly [option: string, value: string];
  /** Where times are uneven, old ones end an MP4 file before the last frames that are out of order. */
  readonly keepLast: readonly string[];
}

/** Where to look; tests look elsewhere. */
export interface FfmpegPlaces {
  /** As the variable PATH has them. */
  readonly path?: string | undefined;
  readonly packaged?: string | undefined;
}

const run = promisify(execFile);
const EXE = process.platform === 'win32' ? '.exe' : '';
const ANSWER_MS = 15_000;

/** Says both ways to get one. */
export const NO_FFMPEG =
  "Videos need ffmpeg with libx264: install the system's (such as apt-get install ffmpeg), or the " +
  'optional package @ffmpeg-installer/ffmpeg (npm install --include=optional)';

/** The system's ffmpeg, else the one of the optional package; nothing when neither can be used. */
export async function findFfmpeg(places: FfmpegPlaces = {}): Promise<Ffmpeg | undefined> {
  const { path = process.env['PATH'] ?? '', packaged = packagedFfmpeg() } = places;
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, `ffmpeg${EXE}`);
    if (folder === '' || !mayRun(candidate)) continue;
    const found = await looked(candidate, 'system');
    if (found) return found;
  }
  if (packaged === undefined || !mayRun(madeRunnable(packaged))) return undefined;
  return looked(packaged, 'package');
}

/** What there is, if it does what is needed of it. */
async function looked(path: string, from: Ffmpeg['from']): Promise<Ffmpeg | undefined> {
  const ask = async (...args: string[]) =>
    (await run(path, ['-hide_banner', ...args], { timeout: ANSWER_MS, maxBuffer: 8 << 20 })).stdout;
  try {
    const [about, encoders, options] = await Promise.all([
      ask('-version'),
      ask('-encoders'),
      ask('-h', 'long'),
    ]);
    if (!/ libx264 /.test(encoders)) return undefined;
    const version = /^ffmpeg version (\S+)/.exec(about)?.[1] ?? 'unknown';
    const renamed = options.includes('-fps_mode');
    return {
      ...{ path, from, version },
      keepTimes: renamed ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'],
      keepLast: renamed ? [] : ['-bf', '0'],
    };
  } catch {
    return undefined;
  }
}

/** Where the optional package keeps its program for this machine. */
function packagedFfmpeg(): string | undefined {
  const name = `@ffmpeg-installer/${process.platform}-${process.arch}/package.json`;
  try {
    const require = createRequire(import.meta.url);
    const own = createRequire(require.resolve('@ffmpeg-installer/ffmpeg/package.json'));
    const program = join(dirname(own.resolve(name)), `ffmpeg${EXE}`);
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Its install script would do this, and no install script is run here. */
function madeRunnable(path: string): string {
  try {
    if (!mayRun(path)) chmodSync(path, 0o755);
  } catch {
    // A folder that cannot be written to: whoever asks next sees that it cannot be run.
  }
  return path;
}
