import type { ApiAction } from '../../api/api-action.ts';
import { ApiError } from '../../api/api-error.ts';
import { serviceTime } from '../../cam/api/service-time.ts';
import { NAMESPACE } from './function-fields.ts';

const MOST_NAMESPACES = 5;

export const NAMESPACE_ACTIONS: readonly ApiAction[] = [
  {
    name: 'ListNamespaces',
    fields: ['Limit', 'Offset', 'Orderby', 'Order', 'SearchKey'],
    permission: 'scf:ListNamespaces',
    run({ service: { functions }, fields, region }) {
      const all = functions.tables.namespaces(region);
      const offset = fields.whole('Offset', { min: 0, max: 1000 }) ?? 0;
      const limit = fields.whole('Limit', { min: 1, max: 100 }) ?? 20;
      return {
        Namespaces: all.slice(offset, offset + limit).map(({ name, description, added }) => ({
          ...{ Name: name, Description: description },
          ...{ AddTime: serviceTime(added), ModTime: serviceTime(added) },
          Type: name === 'default' ? 'default' : 'TCB',
        })),
        TotalCount: all.length,
      };
    },
  },
  {
    name: 'CreateNamespace',
    fields: ['Namespace', 'Description', 'ResourceEnv'],
    permission: 'scf:CreateNamespace',
    async run({ service, fields, region }) {
      const { tables } = service.functions;
      const name = fields.needText('Namespace', NAMESPACE);
      const description = fields.text('Description', { most: 1000 }) ?? '';
      const there = tables.namespaces(region);
      if (there.some((each) => each.name === name)) {
        throw new ApiError('ResourceInUse.Namespace', `There is a namespace "${name}" already.`);
      }
      if (there.length >= MOST_NAMESPACES) {
        throw new ApiError(
          'LimitExceeded.Namespace',
          `A region has ${MOST_NAMESPACES} namespaces.`,
        );
      }
      await tables.keepNamespace(region, { name, description, added: service.now() });
      return {};
    },
  },
  {
    name: 'DeleteNamespace',
    fields: ['Namespace'],
    permission: 'scf:DeleteNamespace',
    async run({ service, fields, region }) {
      const { tables } = service.functions;
      const name = fields.needText('Namespace', NAMESPACE);
      if (name === 'default') {
        throw new ApiError('FailedOperation.DeleteNamespace', 'The default namespace stays.');
      }
      if (!tables.namespaces(region).some((each) => each.name === name)) {
        throw new ApiError('ResourceNotFound.Namespace', `There is no namespace "${name}".`);
      }
      const inside = tables.all().find((each) => each.region === region && each.namespace === name);
      if (inside) {
        throw new ApiError(
          'FailedOperation.DeleteNamespace',
          `The namespace "${name}" has functions, such as "${inside.name}".`,
        );
      }
      await tables.removeNamespace(region, name);
      return {};
    },
  },
];
