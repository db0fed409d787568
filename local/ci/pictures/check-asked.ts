import { OperationError } from '../operations-port.ts';
import { canvasOf } from './layout.ts';
import type { PictureOperation } from './read-operation.ts';
import { checkSize, type Opened } from './read-picture.ts';

const MB = 1024 * 1024;
/** A repaired picture is never longer. */
const MAX_REPAIRED_SIDE = 9999;

/** Refuses what the service does not do with such a picture, whoever would do it. */
export function checkAsked(operation: PictureOperation, opened: Opened): void {
  const { width, height } = opened;
  switch (operation.does) {
    case 'matting': {
      const canvas = canvasOf(opened, operation.layout);
      checkSize(canvas.width, canvas.height);
      return;
    }
    case 'repair':
      if (Math.max(width, height) <= MAX_REPAIRED_SIDE) return;
      throw new OperationError('ImageResolutionExceed', `At most ${MAX_REPAIRED_SIDE} a side`);
    case 'magnify':
      mustBeWithin(opened, 5 * MB);
      if (Math.max(width, height) <= 1920 && Math.min(width, height) <= 1080) return;
      throw new OperationError('ImageResolutionExceed', 'At most 1920 x 1080');
    case 'colour':
      mustBeWithin(opened, 5 * MB);
      return;
    case 'enhance':
      return;
    case 'crop': {
      if (operation.width <= width && operation.height <= height) return;
      const asked = `${operation.width} x ${operation.height}`;
      throw new OperationError(
        'InvalidArgument',
        `${asked} does not fit into ${width} x ${height}`,
      );
    }
  }
}

function mustBeWithin({ input }: Opened, bytes: number): void {
  if (input.length > bytes) throw new OperationError('ImageTooLarge', `At most ${bytes} bytes`);
}
