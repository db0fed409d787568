import type { PicRule } from '../../../shared/wire/rule-text.ts';
import type { CiService } from '../ci-service.ts';
import { OperationError, type PictureDone } from '../operations-port.ts';
import { maskText } from '../pictures/mask-polygons.ts';
import { checkRule } from '../pictures/read-operation.ts';

const MAX_MASK_BYTES = 32 * 1024 * 1024;

/** One rule over one picture, its mask fetched before. */
export async function processPicture(
  { operations, switches, fetch }: CiService,
  rule: PicRule,
  input: Uint8Array,
): Promise<PictureDone> {
  const checked = checkedRule(rule, switches);
  const address = maskAddress(checked);
  if (address === undefined) return operations.picture({ rule: checked, input });
  const mask = await fetch(address, MAX_MASK_BYTES);
  return operations.picture({ rule: checked, input, mask });
}

/** The rule, refused for all that is wrong with it before anything is read, fetched or stored. */
export function checkedRule(
  rule: PicRule,
  { repairNeedsMask }: Pick<CiService['switches'], 'repairNeedsMask'>,
): Exclude<PicRule, { kind: 'style' }> {
  if (rule.kind === 'style') {
    throw new OperationError('NotImplemented', 'The engine does not keep styles');
  }
  checkRule(rule);
  maskAddress(rule);
  const masked = maskOption(rule, 'MaskPic') ?? maskOption(rule, 'MaskPoly');
  if (isRepair(rule) && repairNeedsMask && masked === undefined) {
    throw new OperationError('InvalidArgument', 'ImageRepair needs MaskPic or MaskPoly');
  }
  return rule;
}

/** Where the mask of a repair is, if it is a picture. */
function maskAddress(rule: PicRule): string | undefined {
  const encoded = maskOption(rule, 'MaskPic');
  if (encoded === undefined) return undefined;
  const address = decoded(encoded);
  if (address !== undefined && /^https?:\/\//i.test(address)) return address;
  throw new OperationError('InvalidArgument', 'MaskPic is the Base64 of an http or https address');
}

function decoded(encoded: string): string | undefined {
  try {
    return maskText(encoded);
  } catch {
    return undefined;
  }
}

function maskOption(rule: PicRule, name: 'MaskPic' | 'MaskPoly'): string | undefined {
  if (!isRepair(rule)) return undefined;
  return rule.options.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}

function isRepair(rule: PicRule): rule is Extract<PicRule, { kind: 'ci-process' }> {
  return rule.kind === 'ci-process' && rule.operation === 'ImageRepair';
}
