// A function's process: loads the code in the folder it is given, and calls it with what its parent sends,
// as the platform would: keys of its role come with each call.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , folder = ''] = process.argv;
const { main_handler } = createRequire(import.meta.url)(join(folder, 'index.js'));

const tell = (what) => {
  // In KiB, and the highest that it ever was.
  const { maxRSS } = process.resourceUsage();
  process.send?.({ ...what, rss: process.memoryUsage.rss(), maxRss: maxRSS * 1024 });
};
setInterval(() => tell({}), 100).unref();

process.on('disconnect', () => process.exit(0));
process.on('message', async ({ event, context, env }) => {
  Object.assign(process.env, env);
  try {
    await main_handler(event, context);
    tell({ answer: 'done' });
  } catch (error) {
    tell({ answer: String(error) });
  }
});
