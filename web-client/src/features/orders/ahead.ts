import type { OrderStatus } from '../../gql/graphql';

const WAY: readonly OrderStatus[] = ['PENDING_PAYMENT', 'PAID', 'ASSEMBLED', 'HANDED_TO_DELIVERY', 'DELIVERED'];

/** The steps that an order in this status has before it, when all goes well. */
export function ahead(status: OrderStatus): readonly OrderStatus[] {
  if (status === 'CANCELLED' || status === 'REFUNDED') return [];
  return WAY.slice((status === 'PAYMENT_FAILED' ? 0 : WAY.indexOf(status)) + 1);
}
