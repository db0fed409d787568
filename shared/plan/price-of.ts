import { operationNamed } from '../operations/catalogue.ts';

/** What one call costs; nothing where that is not known beforehand. */
export function priceOf(
  operation: string,
  prices: Readonly<Record<string, number>>,
): number | undefined {
  const { priceKey = operation, billedPer = 'call' } = operationNamed(operation) ?? {};
  return billedPer === 'call' && Object.hasOwn(prices, priceKey) ? prices[priceKey] : undefined;
}
