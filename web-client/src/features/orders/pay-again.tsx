import { useRef, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { graphql } from '../../gql';
import type { PaymentMethodInput } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { IdempotencyKey } from '../../payment/idempotency-key';
import { firstWay, PaymentChoice } from '../../payment/payment-choice';
import { useOutcome } from '../../ui/outcome';
import { Failure, Loading, Refusals } from '../../ui/states';

const WaysToPayAgain = graphql(`
  query WaysToPayAgain {
    paymentGateways {
      gateway
      ...PaymentChoice
    }
  }
`);

const Retry = graphql(`
  mutation Retry($input: RetryPaymentInput!) {
    retryPayment(input: $input) {
      order {
        id
        status
      }
      userErrors {
        code
        message
      }
    }
  }
`);

interface PayAgainProps {
  orderId: string;
  orderKey: string | null;
  onDone: () => void;
}

export function PayAgain({ orderId, orderKey, onDone }: PayAgainProps) {
  const { t } = useLocale();
  const [{ data, error }, ask] = useQuery({ query: WaysToPayAgain });
  const [chosen, choose] = useState<PaymentMethodInput | null>(null);
  const [{ fetching }, retry] = useMutation(Retry);
  const { refusals, settle } = useOutcome();
  // A key for each attempt; a lost answer is asked for again with the same.
  const idempotency = useRef(new IdempotencyKey());
  if (error) return <Failure error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  if (!data) return <Loading />;
  const payment = chosen ?? firstWay(data.paymentGateways);
  const submit = async () => {
    if (!payment) return;
    const input = { orderId, orderKey, payment, idempotencyKey: idempotency.current.of(payment) };
    const { data, error } = await retry({ input });
    if (!data) return void settle(null, error);
    // It was answered: what comes next is another attempt, even if it is the same choice.
    idempotency.current = new IdempotencyKey();
    if (settle(data.retryPayment)) onDone();
  };
  return (
    <div className="pay-again">
      <PaymentChoice gateways={data.paymentGateways} chosen={payment} onChoose={choose} />
      <Refusals of={refusals} />
      <button type="button" className="button primary" disabled={fetching || !payment} onClick={() => void submit()}>
        {t.payAgain}
      </button>
    </div>
  );
}
