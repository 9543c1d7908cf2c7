// A paid order that can't be fulfilled, and a payment that something is wrong with: what waits for a person, and what they
// can do about it.
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { IdempotencyKey } from '../../payment/idempotency-key';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';

const FlagFragment = graphql(`
  fragment Flag on Order {
    id
    number
    flag {
      reason
    }
    payment {
      id
      attention
    }
  }
`);

const FlagOrder = graphql(`
  mutation FlagOrder($input: FlagOrderInput!) {
    flagOrder(input: $input) {
      order {
        id
      }
      userErrors {
        message
      }
    }
  }
`);

const UnflagOrder = graphql(`
  mutation UnflagOrder($input: OrderIdInput!) {
    unflagOrder(input: $input) {
      order {
        id
      }
      userErrors {
        message
      }
    }
  }
`);

const Refund = graphql(`
  mutation Refund($input: RefundPaymentInput!) {
    refundPayment(input: $input) {
      payment {
        id
        status
        order {
          id
        }
      }
      userErrors {
        message
      }
    }
  }
`);

const SettleAttention = graphql(`
  mutation SettleAttention($input: SettleAttentionInput!) {
    settleAttention(input: $input) {
      payment {
        id
        attention
        order {
          id
        }
      }
      userErrors {
        message
      }
    }
  }
`);

/** What a refund by the shop answers; the rest is done in the gateway's own pages. */
const REFUNDABLE: readonly string[] = ['AMOUNT_DISAGREES', 'REFUND_FAILED'];
/** Goods are owed for these. */
const OWED: readonly string[] = ['PAID', 'ASSEMBLED', 'HANDED_TO_DELIVERY'];

interface FlagProps {
  of: FragmentType<typeof FlagFragment>;
  status: string;
}

export function Flag({ of, status }: FlagProps) {
  const { t } = useLocale();
  const { id: orderId, number, flag, payment } = readFragment(FlagFragment, of);
  const { refusals, settle } = useOutcome();
  const [asks, setAsks] = useState(false);
  const [reason, setReason] = useState('');
  // A key for each attempt; a lost answer is asked for again with the same.
  const idempotency = useRef(new IdempotencyKey());
  const [flagging, putFlag] = useMutation(FlagOrder);
  const [unflagging, takeFlag] = useMutation(UnflagOrder);
  const [refunding, refund] = useMutation(Refund);
  const [settling, settleAttention] = useMutation(SettleAttention);
  const isOwed = OWED.includes(status);
  const isFlagged = isOwed && flag != null;
  const attention = payment?.attention;
  const mayRefund = payment != null && (isFlagged || (attention != null && REFUNDABLE.includes(attention)));
  if (!isOwed && !attention) return null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data, error } = await putFlag({ input: { orderId, reason: reason.trim() } });
    if (settle(data?.flagOrder, error)) setAsks(false);
  };
  // Without a reason: the flag's is for staff, and a refund's is shown to the shopper.
  const giveBack = async (paymentId: string) => {
    const { data, error } = await refund({ input: { paymentId, idempotencyKey: idempotency.current.of(paymentId) } });
    if (!data) return void settle(null, error);
    idempotency.current = new IdempotencyKey();
    settle(data.refundPayment);
  };
  return (
    <div className="board-flag">
      {isFlagged && <p className="warning">{t.flag.waits(flag.reason)}</p>}
      {attention && <p className="warning">{t.attention[attention]}</p>}
      <div className="actions-more">
        {mayRefund && (
          <button
            type="button"
            className="button small"
            disabled={refunding.fetching}
            onClick={() => void giveBack(payment.id)}
          >
            {t.flag.refund}
          </button>
        )}
        {payment && attention && (
          <button
            type="button"
            className="link"
            disabled={settling.fetching}
            onClick={async () => {
              const { data, error } = await settleAttention({ input: { paymentId: payment.id, attention } });
              settle(data?.settleAttention, error);
            }}
          >
            {t.attentionSettled}
          </button>
        )}
        {isFlagged && (
          <button
            type="button"
            className="link"
            disabled={unflagging.fetching}
            onClick={async () => {
              const { data, error } = await takeFlag({ input: { orderId } });
              settle(data?.unflagOrder, error);
            }}
          >
            {t.flag.off}
          </button>
        )}
        {isOwed && !isFlagged && !asks && (
          <button type="button" className="link" onClick={() => setAsks(true)}>
            {t.flag.put}
          </button>
        )}
      </div>
      {isOwed && !isFlagged && asks && (
        <form onSubmit={submit}>
          <input
            aria-label={`${t.flag.why}, ${number}`}
            placeholder={t.flag.why}
            autoComplete="off"
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <button type="submit" className="button small" disabled={flagging.fetching}>
            {t.flag.put}
          </button>
        </form>
      )}
      <Refusals of={refusals} />
    </div>
  );
}
