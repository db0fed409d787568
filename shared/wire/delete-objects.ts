import type { Body } from './body-text.ts';
import { readXml, writeXml, type XmlEntry } from './xml.ts';

interface ObjectToDelete {
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** The body of `POST /?delete`. Quiet: the answer names only what could not be deleted. */
export interface DeleteRequest {
  readonly quiet: boolean;
  readonly objects: readonly ObjectToDelete[];
}

export function readDeleteRequest(body: Body): DeleteRequest {
  const request = readXml(body, { root: 'Delete' });
  return {
    quiet: request.flag('Quiet') ?? false,
    objects: request.children('Object').map((object) => ({
      key: object.required('Key'),
      versionId: object.text('VersionId') || undefined,
    })),
  };
}

export function writeDeleteRequest({ quiet, objects }: DeleteRequest): string {
  return writeXml('Delete', [
    ['Quiet', quiet],
    ...objects.map(
      ({ key, versionId }): XmlEntry => [
        'Object',
        [
          ['Key', key],
          ['VersionId', versionId],
        ],
      ],
    ),
  ]);
}

interface DeletedObject {
  readonly key: string;
  readonly versionId?: string | undefined;
  /** The version of the marker that was made or removed, in buckets that keep versions. */
  readonly deleteMarkerVersionId?: string | undefined;
}

interface FailedDelete {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly code: string;
  readonly message: string;
}

export interface DeleteResult {
  readonly deleted: readonly DeletedObject[];
  readonly failed: readonly FailedDelete[];
}

export function readDeleteResult(body: Body): DeleteResult {
  const result = readXml(body, { root: 'DeleteResult' });
  return {
    deleted: result.children('Deleted').map((object) => ({
      key: object.required('Key'),
      versionId: object.text('VersionId') || undefined,
      deleteMarkerVersionId: object.text('DeleteMarkerVersionId') || undefined,
    })),
    failed: result.children('Error').map((object) => ({
      key: object.required('Key'),
      versionId: object.text('VersionId') || undefined,
      code: object.required('Code'),
      message: object.text('Message') ?? '',
    })),
  };
}

export function writeDeleteResult({ deleted, failed }: DeleteResult): string {
  return writeXml('DeleteResult', [
    ...deleted.map(
      ({ key, versionId, deleteMarkerVersionId }): XmlEntry => [
        'Deleted',
        [
          ['Key', key],
          ['DeleteMarker', deleteMarkerVersionId === undefined ? undefined : true],
          ['DeleteMarkerVersionId', deleteMarkerVersionId],
          ['VersionId', versionId],
        ],
      ],
    ),
    ...failed.map(
      ({ key, versionId, code, message }): XmlEntry => [
        'Error',
        [
          ['Key', key],
          ['VersionId', versionId],
          ['Code', code],
          ['Message', message],
        ],
      ],
    ),
  ]);
}
