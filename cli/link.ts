import { defineCommand, type Io } from './command.ts';

const A_WEEK = 7 * 24 * 3600;

export const link = defineCommand({
  name: 'link',
  summary: 'Signs a link that shows what a template makes of an object, to whoever has the link',
  takes: {
    name: 'template and key',
    says: 'a template, and the key of an object or the address of a picture',
  },
  flags: {
    url: { type: 'text', or: '', value: 'address', says: 'the address of on-demand' },
    bucket: { type: 'text', value: 'name', says: 'a source bucket other than the first' },
    output: { type: 'number', or: 1, value: 'number', says: 'which output of the template' },
    seconds: { type: 'number', or: 3600, value: 'seconds', says: 'how long the link is good' },
  },
  async run({ url, bucket, output, seconds }, [template = '', subject = '', ...more], io) {
    if (template === '' || subject === '' || more.length > 0) {
      io.err('Name a template and a key: darkroom link cutout incoming/mug.jpg');
      return 2;
    }
    if (seconds < 1 || seconds > A_WEEK || output < 1) {
      io.err(`--seconds goes from 1 to ${A_WEEK}, and --output from 1`);
      return 2;
    }
    const keys = await linkKeysFrom(io);
    if (!keys) return 1;
    const { openSeals } = await import('../shared/client/seals.ts');
    const { writeLink } = await import('../shared/wire/link.ts');
    const of = /^https?:\/\//.test(subject)
      ? { url: subject }
      : { key: subject, ...(bucket === undefined ? {} : { bucket }) };
    const untilSeconds = Math.floor(Date.now() / 1000) + seconds;
    const { seal } = openSeals(keys);
    const signed = writeLink({ template, of, output, untilSeconds }, seal);
    io.out(url.replace(/\/+$/, '') + signed);
    return 0;
  },
});

async function linkKeysFrom(io: Io): Promise<readonly string[] | undefined> {
  const { readSecrets } = await import('../shared/config/setting-secrets.ts');
  const { withEnvFile } = await import('../infra/env-file.ts');
  const keys = withEnvFile(io.env, undefined)['DARKROOM_LINK_KEYS'] ?? '';
  const read = keys === '' ? { wrong: 'is not set' } : readSecrets(keys, 2);
  if ('value' in read) return read.value;
  io.err(`DARKROOM_LINK_KEYS ${read.wrong}`);
  io.err('It has to be the same here as where on-demand runs.');
  return undefined;
}
