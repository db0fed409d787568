import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import type { EngineOptions } from '../../../local/engine/options.ts';

// An engine in a process of its own, told what to do by the test that forked it.

let engine: Engine | undefined;

process.on('message', async (told: { readonly start?: EngineOptions; readonly ask?: string }) => {
  if (told.start) {
    engine = await startEngine(told.start);
    process.send?.({ port: engine.port });
  }
  if (told.ask === 'memory') {
    globalThis.gc?.();
    const { rss } = process.memoryUsage();
    // Given in kilobytes, and the highest there ever was.
    process.send?.({ rss, peak: process.resourceUsage().maxRSS * 1024 });
  }
  if (told.ask === 'stop') {
    await engine?.stop();
    process.disconnect();
  }
});
