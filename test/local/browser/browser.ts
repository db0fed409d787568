import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { browserPath } from '../../../scripts/browser.mjs';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser, and a server of pages that have the official client in them. */
export interface Browser {
  /** The port the pages come from; `localhost` and `127.0.0.1` are two origins. */
  readonly port: number;
  /** A page from there. */
  page(host: 'localhost' | '127.0.0.1'): Promise<Page>;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (!executablePath)
    throw new Error('There is no browser; "npm run ready -- --browser" gets one');
  const profile = mkdtempSync(join(tmpdir(), 'darkroom-browser-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: FLAGS });
  const server = pageServer();
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async page(host) {
      const page = await context.newPage();
      await page.goto(`http://${host}:${port}/`);
      return page;
    },
    async close() {
      await context.close();
      server.close();
      server.closeAllConnections();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

function pageServer() {
  const scripts = [
    fileURLToPath(import.meta.resolve('cos-js-sdk-v5/dist/cos-js-sdk-v5.min.js')),
    join(import.meta.dirname, 'page-client.js'),
  ].map((path) => readFileSync(path, 'utf8'));
  return createServer((request, response) => {
    const number = /^\/(\d)\.js$/.exec(request.url ?? '')?.[1];
    response.setHeader('Content-Type', number ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(
      number
        ? scripts[Number(number)]
        : '<!doctype html><title>Pictures</title><script src=/0.js></script><script src=/1.js></script>',
    );
  }).listen(0);
}
