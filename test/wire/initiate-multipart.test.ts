import fc from 'fast-check';

import {
  type MultipartStart,
  readMultipartStart,
  writeMultipartStart,
} from '../../shared/wire/initiate-multipart.ts';
import { anyName, describeFormat } from './wire-format.ts';

describeFormat<MultipartStart>({
  root: 'InitiateMultipartUploadResult',
  read: readMultipartStart,
  write: writeMultipartStart,
  examples: [
    [
      'an upload that starts',
      { bucket: 'examplebucket-1250000000', key: 'a & b/图.mp4', uploadId: '1585130821cbb7df1d' },
      '<InitiateMultipartUploadResult><Bucket>examplebucket-1250000000</Bucket>' +
        '<Key>a &amp; b/图.mp4</Key><UploadId>1585130821cbb7df1d</UploadId>' +
        '</InitiateMultipartUploadResult>',
    ],
  ],
  values: fc.record({ bucket: anyName, key: anyName, uploadId: anyName }),
});
