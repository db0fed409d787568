import * as z from 'zod';
import type { Operation } from '../operations/operation.ts';
import type { MaskValue, Parameter, ParameterValue } from '../operations/parameter.ts';
import { KeyPattern, settings, text, textLike, WebAddress } from './schema-parts.ts';

/**
 * The schema of an operation's parameters, from the data that `readParameters` judges by. Editors
 * go by this one; what is finally taken, and every message about it, is up to `readParameters`.
 */
export function parametersSchema({ parameters }: Pick<Operation, 'parameters'>) {
  return settings(
    Object.fromEntries(
      Object.entries(parameters).map(([name, parameter]) => [name, settingOf(parameter)]),
    ),
  );
}

export function needsParameters({ parameters }: Pick<Operation, 'parameters'>): boolean {
  return Object.values(parameters).some(({ required }) => required);
}

function settingOf(parameter: Parameter): z.ZodType<ParameterValue | undefined> {
  const value = schemaOf(parameter);
  const or = 'or' in parameter ? parameter.or : undefined;
  const setting =
    or !== undefined ? value.default(or) : parameter.required ? value : value.exactOptional();
  return setting.describe(parameter.says);
}

function schemaOf(parameter: Parameter): z.ZodType<ParameterValue> {
  switch (parameter.kind) {
    case 'flag':
      return z.boolean();
    case 'whole':
      return z.int().min(parameter.min).max(parameter.max);
    case 'pair': {
      const one = z.int().min(parameter.min).max(parameter.max);
      return z.tuple([one, one]);
    }
    case 'choice':
      return z.literal(parameter.of);
    case 'colour':
      return textLike(/^#[0-9A-Fa-f]{6}$/, 'a colour, such as "#ffffff"');
    case 'object':
      return KeyPattern;
    case 'mask':
      return Mask;
    case 'text':
      return text(parameter.maxLength);
  }
}

const Point = z.tuple([z.int().min(0), z.int().min(0)]);

const Mask: z.ZodType<MaskValue> = z.union([
  settings({ key: KeyPattern.describe('The key of a picture that is white where to repair') }),
  settings({ url: WebAddress.describe('The address of such a picture') }),
  settings({
    polygons: z
      .array(z.array(Point).min(3))
      .min(1)
      .describe('What to repair, as polygons of points in pixels from the top left'),
  }),
]);
