import { callFrom, type Encoded } from './call-from.ts';
import type { Operation } from './operation.ts';
import type { MaskValue, Parameter, Parameters } from './parameter.ts';

interface Kinds {
  readonly flag: boolean;
  readonly whole: number;
  readonly pair: readonly [number, number];
  readonly choice: string | number;
  readonly colour: string;
  readonly object: string;
  readonly mask: MaskValue;
  readonly text: string;
}

type ValueOf<P extends Parameter> = P extends { readonly of: readonly (infer Choice)[] }
  ? Choice
  : Kinds[P['kind']];

/** The parameters of one output, typed from their data: what has a default is always there. */
export type Values<P extends Readonly<Record<string, Parameter>>> = {
  readonly [Name in keyof P]: P[Name] extends { readonly or: unknown } | { readonly required: true }
    ? ValueOf<P[Name]>
    : ValueOf<P[Name]> | undefined;
};

type Definition<P extends Readonly<Record<string, Parameter>>> = Omit<
  Operation,
  'parameters' | 'priceKey' | 'problemOf' | 'callOf'
> & {
  readonly parameters: P;
  readonly problemOf?: (values: Values<P>) => string | undefined;
  /** Our names and values in, the wire's out: nowhere else does one meet the other. */
  readonly encode: (values: Values<P>) => Encoded;
};

/** An operation from its data and one function. The catalogue is made of these. */
export function defineOperation<const P extends Readonly<Record<string, Parameter>>>(
  definition: Definition<P>,
): Operation {
  const { encode, problemOf, ...facts } = definition;
  // Whoever reads parameters (`readParameters`, the rules file) checks them against this same data.
  const typed = (parameters: Parameters) => parameters as Values<P>;
  return {
    ...facts,
    priceKey: definition.name,
    problemOf: (parameters) => problemOf?.(typed(parameters)),
    callOf: (parameters, how) => callFrom(encode(typed(parameters)), definition, parameters, how),
  };
}
