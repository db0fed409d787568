import type { CosService } from '../../cos/exchange.ts';
import type { CiService } from '../ci-service.ts';

/** What jobs read, write and process with. */
export interface CiHost extends CosService {
  readonly ci: CiService;
}
