// What a person can do about an order now: pay, pay again, call it off.
import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';
import { PayAgain } from './pay-again';
import { PaymentAction } from './payment-action';

const OrderActionsFragment = graphql(`
  fragment OrderActions on Order {
    id
    status
    payment {
      id
      status
      failureMessage
      ...PaymentAction
    }
  }
`);

const Cancel = graphql(`
  mutation Cancel($input: CancelOrderInput!) {
    cancelOrder(input: $input) {
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

interface OrderActionsProps {
  of: FragmentType<typeof OrderActionsFragment>;
  orderKey: string | null;
  /** Whether to take the shopper to the bank at once: they have just ordered, and expect it. */
  mayFollow: boolean;
}

export function OrderActions({ of, orderKey, mayFollow }: OrderActionsProps) {
  const { t } = useLocale();
  const { id, status, payment } = readFragment(OrderActionsFragment, of);
  const [paysAgain, setPaysAgain] = useState(false);
  const [follows, setFollows] = useState(mayFollow);
  const isFailed = status === 'PAYMENT_FAILED';
  const needsAction = status === 'PENDING_PAYMENT' && payment?.status === 'ACTION_REQUIRED';
  const mayCancel = status === 'PENDING_PAYMENT' || status === 'PAID' || isFailed;
  if (!mayCancel) return null;
  return (
    <div className="actions">
      {isFailed && (
        <p className="warning" role="status">
          {t.paymentFailed} {payment?.status === 'FAILED' && payment.failureMessage}
        </p>
      )}
      {needsAction && <PaymentAction key={payment.id} of={payment} follows={follows} />}
      {status === 'PENDING_PAYMENT' && !needsAction && <p className="hint">{t.pay.beingProcessed}</p>}
      {(isFailed || (needsAction && paysAgain)) && (
        <PayAgain
          orderId={id}
          orderKey={orderKey}
          onDone={() => {
            setPaysAgain(false);
            setFollows(true);
          }}
        />
      )}
      <div className="actions-more">
        {needsAction && !paysAgain && (
          <button type="button" className="link" onClick={() => setPaysAgain(true)}>
            {t.pay.otherwise}
          </button>
        )}
        <CancelOrder orderId={id} orderKey={orderKey} isPaid={status === 'PAID'} />
      </div>
    </div>
  );
}

function CancelOrder({ orderId, orderKey, isPaid }: { orderId: string; orderKey: string | null; isPaid: boolean }) {
  const { t } = useLocale();
  const [{ fetching }, cancel] = useMutation(Cancel);
  const { refusals, settle } = useOutcome();
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" className="link" onClick={() => dialog.current?.showModal()}>
        {t.cancelOrder}
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby="cancel-title">
        <h2 id="cancel-title">{t.cancelSure}</h2>
        <p>{isPaid ? t.cancelRefunds : t.cancelFrees}</p>
        <Refusals of={refusals} />
        <div className="form-end">
          <button
            type="button"
            className="button primary"
            disabled={fetching}
            onClick={async () => {
              const { data, error } = await cancel({ input: { orderId, orderKey } });
              if (settle(data?.cancelOrder, error)) dialog.current?.close();
            }}
          >
            {t.cancelOrder}
          </button>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {t.keepOrder}
          </button>
        </div>
      </dialog>
    </>
  );
}
