import { CosError } from '../../cos/errors.ts';
import type { Exchange } from '../../cos/exchange.ts';
import type { CiService } from '../ci-service.ts';

/** Cloud Infinite, where the engine has it. */
export function ciOf({ service }: Exchange): CiService {
  if (service.ci) return service.ci;
  throw new CosError('NotImplemented', { message: 'This engine runs without Cloud Infinite.' });
}
