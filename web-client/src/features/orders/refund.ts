// An order that was paid and called off is finished, so nothing more is told of it; but its money is still on its way back. The
// page asks for that from time to time, until it is there.
import { useEffect } from 'react';
import type { OperationContext } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';

const RefundingFragment = graphql(`
  fragment Refunding on Order {
    status
    payment {
      id
      status
    }
  }
`);

type Masked = FragmentType<typeof RefundingFragment>;

const EVERY_MS = 2_000;

/** The order as it was read after the refund, once it was; until then it is read again and again. */
export function useRefund<T extends Masked>(told: T | null, read: T | null, readAgain: (context: Partial<OperationContext>) => void): T | null {
  const toldAwaits = awaitsRefund(told);
  const isRefunded = toldAwaits && readFragment(RefundingFragment, read)?.status === 'CANCELLED' && !awaitsRefund(read);
  const waits = toldAwaits && !isRefunded;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => readAgain({ requestPolicy: 'network-only' }), EVERY_MS);
    return () => clearInterval(timer);
  }, [waits, readAgain]);
  return isRefunded ? read : null;
}

function awaitsRefund(masked: Masked | null): boolean {
  const order = readFragment(RefundingFragment, masked);
  return order?.status === 'CANCELLED' && order.payment?.status === 'SUCCEEDED';
}
