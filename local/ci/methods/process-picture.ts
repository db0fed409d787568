import { readBase64Url } from '../../../shared/wire/base64-url.ts';
import type { PicRule } from '../../../shared/wire/rule-text.ts';
import type { CiService } from '../ci-service.ts';
import { OperationError, type PictureDone } from '../operations-port.ts';

const MAX_MASK_BYTES = 32 * 1024 * 1024;

/** One rule over one picture, its mask fetched before. */
export async function processPicture(
  { operations, switches, fetch }: CiService,
  rule: PicRule,
  input: Uint8Array,
): Promise<PictureDone> {
  if (rule.kind === 'style') {
    throw new OperationError('NotImplemented', 'The engine does not keep styles');
  }
  if (rule.kind === 'pipeline' || rule.operation !== 'ImageRepair') {
    return operations.picture({ rule, input });
  }
  const option = (name: string) =>
    rule.options.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] || undefined;
  const address = option('MaskPic');
  if (address === undefined && option('MaskPoly') === undefined && switches.repairNeedsMask) {
    throw new OperationError('InvalidArgument', 'ImageRepair needs MaskPic or MaskPoly');
  }
  if (address === undefined) return operations.picture({ rule, input });
  const mask = await fetch(maskAddress(address), MAX_MASK_BYTES);
  return operations.picture({ rule, input, mask });
}

function maskAddress(encoded: string): string {
  try {
    return readBase64Url(encoded);
  } catch {
    throw new OperationError('InvalidArgument', 'MaskPic is the URL-safe Base64 of an address');
  }
}
