import { percentEncode } from '../../../shared/wire/percent.ts';
import { unescapeXml } from '../../../shared/wire/xml-text.ts';
import { type CosClient, type Reply, textsIn } from './cos-client.ts';
import { bytesOf, type Model, md5, type Seen, uploadAt } from './model.ts';
import type { Said, Step } from './steps.ts';

export const BUCKET = 'model-1250000000';

/** Carries the same step out on an engine, and says what it answered. `ids` are those of uploads. */
export async function seen(
  cos: CosClient,
  { model, ids }: { readonly model: Model; readonly ids: string[] },
  step: Exclude<Step, { do: 'restart' }>,
): Promise<Seen | undefined> {
  switch (step.do) {
    case 'put': {
      const body = bytesOf(step.size, model.serial);
      const headers = { ...headersOf(step.said), ...absent(step.ifAbsent) };
      return withEtag(await cos('PUT', step.key, { headers, body }));
    }
    case 'append': {
      const body = bytesOf(step.size, model.serial);
      const { length } = model.objects.get(step.key)?.body ?? { length: 0 };
      const query = { append: '', position: String(length + step.off) };
      return withEtag(await cos('POST', step.key, { query, body }));
    }
    case 'get': {
      const headers = step.range ? { Range: `bytes=${step.range.join('-')}` } : {};
      const reply = await cos('GET', step.key, { headers });
      if (reply.status >= 300) return plain(reply);
      return { ...described(reply), md5: md5(reply.body) };
    }
    case 'head': {
      const headers = step.ifMatches === undefined ? {} : { 'If-Match': etagFor(model, step) };
      const reply = await cos('HEAD', step.key, { headers });
      return reply.status === 200 ? described(reply) : { status: reply.status };
    }
    case 'delete':
      return plain(await cos('DELETE', step.key));
    case 'delete-many': {
      const objects = step.keys.map((key) => `<Object><Key>${escaped(key)}</Key></Object>`);
      const body = `<Delete><Quiet>${step.quiet}</Quiet>${objects.join('')}</Delete>`;
      const reply = await cos('POST', '', { query: { delete: '' }, body });
      return { ...plain(reply), deleted: textsIn(reply, 'Key').map(unescapeXml) };
    }
    case 'copy': {
      const source = `${BUCKET}.cos.ap-guangzhou.myqcloud.com/${percentEncode(step.from)}`;
      const headers = {
        'x-cos-copy-source': source,
        ...(step.anew && headersOf(step.anew)),
        ...(step.anew && {
          'x-cos-metadata-directive': 'Replaced',
          'x-cos-tagging-directive': 'Replaced',
        }),
        ...absent(step.ifAbsent),
      };
      return withEtag(await cos('PUT', step.key, { headers }));
    }
    case 'tag': {
      const body = `<Tagging><TagSet><Tag><Key>k</Key><Value>${escaped(step.tag)}</Value></Tag></TagSet></Tagging>`;
      return plain(await cos('PUT', step.key, { query: { tagging: '' }, body }));
    }
    case 'untag':
      return plain(await cos('DELETE', step.key, { query: { tagging: '' } }));
    case 'tags': {
      const reply = await cos('GET', step.key, { query: { tagging: '' } });
      const tags = textsIn(reply, 'Value').map(unescapeXml);
      return reply.status === 200 ? { ...plain(reply), tags } : plain(reply);
    }
    case 'begin': {
      const headers = headersOf(step.said);
      const reply = await cos('POST', step.key, { query: { uploads: '' }, headers });
      ids.push(textsIn(reply, 'UploadId')[0] ?? '');
      return plain(reply);
    }
    case 'uploads': {
      const reply = await cos('GET', '', { query: { uploads: '', 'encoding-type': 'url' } });
      const keys = /<Upload>.*<\/Upload>/s.test(reply.body.toString()) ? textsIn(reply, 'Key') : [];
      return { ...plain(reply), uploads: keys.map(decodeURIComponent) };
    }
    case 'list':
      return listed(cos, step);
    default:
      return ofUpload(cos, { model, ids }, step);
  }
}

type OfUpload = Extract<Step, { readonly upload: number }>;

async function ofUpload(
  cos: CosClient,
  { model, ids }: { readonly model: Model; readonly ids: readonly string[] },
  step: OfUpload,
): Promise<Seen | undefined> {
  const upload = uploadAt(model, step.upload);
  if (!upload) return undefined;
  const uploadId = ids[step.upload % ids.length] ?? '';
  switch (step.do) {
    case 'part': {
      const body = bytesOf(step.size, model.serial);
      const query = { partNumber: String(step.number), uploadId };
      return withEtag(await cos('PUT', upload.key, { query, body }));
    }
    case 'parts': {
      const reply = await cos('GET', upload.key, { query: { uploadId } });
      if (reply.status !== 200) return plain(reply);
      const etags = textsIn(reply, 'ETag').map(bare);
      const numbers = textsIn(reply, 'PartNumber');
      return {
        ...plain(reply),
        parts: numbers.map((number, index) => `${number} ${etags[index]}`),
      };
    }
    case 'complete': {
      const parts = step.numbers.map((number) => {
        const etag = md5(upload.parts.get(number) ?? 'not there');
        return `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag></Part>`;
      });
      const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
      return withEtag(await cos('POST', upload.key, { query: { uploadId }, body }));
    }
    case 'abort':
      return plain(await cos('DELETE', upload.key, { query: { uploadId } }));
  }
}

async function listed(cos: CosClient, step: Extract<Step, { do: 'list' }>): Promise<Seen> {
  const { prefix, delimiter, marker, max } = step;
  const query = { prefix, delimiter, marker, 'max-keys': String(max), 'encoding-type': 'url' };
  const reply = await cos('GET', '', { query });
  const groups = textsIn(reply, 'Prefix', 'CommonPrefixes').map(decodeURIComponent);
  const keys = textsIn(reply, 'Key').map(decodeURIComponent);
  const [next] = textsIn(reply, 'NextMarker').map(decodeURIComponent);
  expectTruncated(reply, next !== undefined);
  return {
    status: reply.status,
    entries: [...keys, ...groups.map((each) => `${each} …`)].sort(),
    next,
  };
}

function expectTruncated(reply: Reply, truncated: boolean): void {
  const said = textsIn(reply, 'IsTruncated')[0];
  if (said !== String(truncated)) throw new Error(`IsTruncated is ${said}, not ${truncated}`);
}

function headersOf({ type, owner, tag }: Said): Record<string, string> {
  return {
    'Content-Type': type,
    ...(owner !== '' && { 'x-cos-meta-owner': owner }),
    ...(tag !== '' && { 'x-cos-tagging': `k=${percentEncode(tag)}` }),
  };
}

const absent = (really: boolean) => (really ? { 'x-cos-forbid-overwrite': 'true' } : {});
const bare = (etag: string) => unescapeXml(etag).replaceAll('"', '');
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function etagFor(model: Model, { key, ifMatches }: Extract<Step, { do: 'head' }>): string {
  return ifMatches ? `"${model.objects.get(key)?.etag}"` : '"0123456789abcdef0123456789abcdef"';
}

function plain(reply: Reply): Seen {
  const [code] = textsIn(reply, 'Code');
  return code === undefined ? { status: reply.status } : { status: reply.status, code };
}

function withEtag(reply: Reply): Seen {
  if (reply.status !== 200) return plain(reply);
  return { status: 200, etag: bare(String(reply.headers['etag'])) };
}

function described({ status, headers }: Reply): Seen {
  return {
    status,
    type: headers['content-type'],
    owner: headers['x-cos-meta-owner'] ?? '',
    etag: bare(String(headers['etag'])),
    tags: headers['x-cos-tagging-count'],
    length: Number(headers['content-length']),
    appendable: headers['x-cos-object-type'] === 'appendable',
  };
}
