import type { Body } from './body-text.ts';
import { readEtag, writeEtag } from './etag.ts';
import { writeIsoTime } from './iso-time.ts';
import { readXml, writeXml } from './xml.ts';

/** What a copy made: a whole object, or one part of an upload. */
export interface CopyResult {
  readonly etag: string;
  readonly modified: number;
  /** The checksum in decimal. A text, because it is larger than a number holds. */
  readonly crc64?: string | undefined;
  readonly versionId?: string | undefined;
}

type Root = 'CopyObjectResult' | 'CopyPartResult';

/** An answer of status 200 may hold an error instead: ask `errorInside` first. */
export function readCopyResult(root: Root, body: Body): CopyResult {
  const copy = readXml(body, { root });
  return {
    etag: readEtag(copy.required('ETag')),
    modified: copy.requiredTime('LastModified'),
    crc64: copy.text('CRC64'),
    versionId: copy.text('VersionId') || undefined,
  };
}

export function writeCopyResult(root: Root, copy: CopyResult): string {
  return writeXml(root, [
    ['ETag', writeEtag(copy.etag)],
    ['CRC64', copy.crc64],
    ['LastModified', writeIsoTime(copy.modified)],
    ['VersionId', copy.versionId],
  ]);
}
