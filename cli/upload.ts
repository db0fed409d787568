import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { defineCommand, type Io } from './command.ts';
import { contentTypeOf } from './content-type-of.ts';
import { sendRequest } from './send-request.ts';

export const upload = defineCommand({
  name: 'upload',
  summary:
    'Uploads files: with a ticket of on-demand, which has them processed as they arrive, or with keys of the account',
  takes: { name: 'files', says: 'what to upload' },
  flags: {
    url: {
      type: 'text',
      value: 'address',
      says: 'the address of on-demand, whose key stands in DARKROOM_API_KEY; without it, the keys of the account are used',
    },
    to: { type: 'text', or: '', value: 'folder', says: 'the folder of the bucket: incoming/' },
    bucket: { type: 'text', value: 'name', says: 'a source bucket other than the first' },
    replace: { type: 'switch', says: 'objects that are there may be replaced' },
  },
  async run({ url, to, bucket, replace }, files, io) {
    if (files.length === 0) {
      io.err('Name a file: darkroom upload mug.jpg --to incoming/products/');
      return 2;
    }
    const folder = to === '' || to.endsWith('/') ? to : `${to}/`;
    const { withEnvFile } = await import('../infra/env-file.ts');
    const known = { ...io, env: withEnvFile(io.env, undefined) };
    const send = url === undefined ? await byAccount(known) : await byTicket(url, known);
    if (!send) return 1;
    let exitCode = 0;
    for (const file of files) {
      const key = folder + basename(file);
      try {
        for (const line of await send({ file, key, bucket, replace })) io.out(line);
      } catch (thrown) {
        io.err(`${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        exitCode = 1;
      }
    }
    return exitCode;
  },
});

interface Sending {
  readonly file: string;
  readonly key: string;
  readonly bucket: string | undefined;
  readonly replace: boolean;
}

/** Sends one file; what there is to say of it, line by line. */
type Send = (sending: Sending) => Promise<readonly string[]>;

async function byTicket(url: string, io: Io): Promise<Send | undefined> {
  const apiKey = io.env['DARKROOM_API_KEY'];
  if (!apiKey) {
    io.err('DARKROOM_API_KEY is not set: the key that on-demand knows this caller by');
    return undefined;
  }
  const { readUploadResult } = await import('../shared/wire/upload-result.ts');
  return async ({ file, key, bucket, replace }) => {
    const body = await readFile(file);
    const contentType = contentTypeOf(file);
    const ticket = await ticketFor(`${url.replace(/\/+$/, '')}/v1/uploads`, apiKey, {
      ...{ key, contentType, size: body.length, replace },
      ...(bucket === undefined ? {} : { bucket }),
    });
    const { method, headers } = ticket;
    const { status, text } = await sendRequest(ticket.url, { method, headers, body });
    if (status < 200 || status > 299) {
      throw new Error(`the storage answered ${status} ${codeIn(text)}`);
    }
    const made = ticket.steps.length === 0 ? [] : readUploadResult(text).results;
    return [
      `${file} -> ${key}`,
      ...made.map((one) => `  ${one.key}${one.size === undefined ? '' : ` (${one.size} bytes)`}`),
      ...(ticket.later === 0 ? [] : [`  ${ticket.later} more by the event of the upload`]),
    ];
  };
}

interface Ticket {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly unknown[];
  readonly later: number;
}

async function ticketFor(address: string, apiKey: string, asked: object): Promise<Ticket> {
  const { status, text } = await sendRequest(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  if (status === 201) return JSON.parse(text) as Ticket;
  const { detail = `on-demand answered ${status}`, code, hint } = problemIn(text);
  throw new Error(`${detail}${code ? ` (${code})` : ''}${hint ? `\n  ${hint}` : ''}`);
}

interface Problem {
  readonly detail?: string;
  readonly code?: string;
  readonly hint?: string;
}

function problemIn(text: string): Problem {
  try {
    return (JSON.parse(text) as Problem | null) ?? {};
  } catch {
    return {};
  }
}

function codeIn(text: string): string {
  return /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? '';
}

/** In parts, each sent again by itself when it is lost: for what is too large to be processed at once. */
async function byAccount(io: Io): Promise<Send | undefined> {
  const { readSettings } = await import('../shared/config/settings.ts');
  const { readCredentials } = await import('../shared/config/credentials.ts');
  const { bucketName } = await import('../shared/plan/bucket-name.ts');
  const read = readSettings(io.env);
  if (!read.ok) {
    for (const { message, hint } of read.problems) io.err(hint ? `${message}. ${hint}` : message);
    io.err('Or name the address of on-demand with --url.');
    return undefined;
  }
  const { buckets, endpoint } = read.settings;
  const { secretId, secretKey, token } = readCredentials(io.env);
  const { default: COS } = await import('cos-nodejs-sdk-v5');
  const engine = endpoint === undefined ? undefined : new URL(endpoint);
  const client = new COS({
    SecretId: secretId,
    SecretKey: secretKey,
    ...(token === undefined ? {} : { SecurityToken: token }),
    ...(engine
      ? { Protocol: engine.protocol === 'https:' ? 'https:' : 'http:', Ip: engine.host }
      : {}),
    // The ids of uploads that were cut off, so that the next try goes on from there.
    ConfCwd: tmpdir(),
  });
  return async ({ file, key, bucket: name, replace }) => {
    const place = buckets.find(({ bucket }) => name === undefined || bucketName(bucket) === name);
    if (!place) throw new Error(`no source bucket is called "${name}"`);
    const { size } = await stat(file);
    await client.uploadFile({
      ...{ Bucket: place.bucket, Region: place.region, Key: key, FilePath: file },
      Headers: {
        'Content-Type': contentTypeOf(file),
        ...(replace ? {} : { 'x-cos-forbid-overwrite': 'true' }),
      },
      SliceSize: PART_BYTES,
      ChunkSize: PART_BYTES,
    });
    return [`${file} -> ${key} (${size} bytes), the event of the upload sees to the rest`];
  };
}

const PART_BYTES = 8 * 1024 * 1024;
