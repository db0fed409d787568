import { spawn } from 'node:child_process';
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { projectRoot } from '../project-root.ts';

/** Editors write a file in several steps. */
const QUIET_MS = 150;

/** What functions are built from; not there where Darkroom was installed without its sources. */
const SOURCES = ['functions', 'shared'];

/**
 * Calls back when the rules file or the code of functions was changed, one change after another; what
 * comes meanwhile counts as one more. Gives what ends it.
 */
export function watchDeployed(
  rulesFile: string,
  changed: (what: 'rules' | 'code') => Promise<void>,
): () => void {
  const waiting = new Set<'rules' | 'code'>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;
  const later = (what: 'rules' | 'code') => {
    waiting.add(what);
    clearTimeout(timer);
    timer = setTimeout(work, QUIET_MS);
  };
  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    for (const what of ['code', 'rules'] as const) {
      if (waiting.delete(what)) await changed(what);
    }
    busy = false;
    if (waiting.size > 0) timer = setTimeout(work, QUIET_MS);
  }

  // The folder is watched: many editors put a new file in the place of the old one.
  const path = resolve(rulesFile);
  const watchers: FSWatcher[] = [
    watch(dirname(path), (_event, name) => {
      if (name === null || name === basename(path)) later('rules');
    }),
  ];
  for (const folder of SOURCES.map((name) => join(projectRoot(), name))) {
    if (existsSync(folder)) watchers.push(watch(folder, { recursive: true }, () => later('code')));
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

/** Builds the functions anew; why not, where that is not possible. */
export function buildFunctions(): Promise<string | undefined> {
  return new Promise((done) => {
    const built = spawn(process.execPath, ['esbuild.config.mjs', '--functions'], {
      cwd: projectRoot(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    built.stderr.on('data', (text: Buffer) => {
      said = (said + text).slice(-4000);
    });
    built.on('error', (error) => done(error.message));
    built.on('close', (code) => done(code === 0 ? undefined : said.trim()));
  });
}
