// How to pay: the gateways that this store takes, and in the sandbox, how the payment shall end.
import { type FragmentType, graphql, readFragment } from '../gql';
import type { PaymentMethodInput } from '../gql/graphql';
import { useLocale } from '../i18n/locale';

export const PaymentChoiceFragment = graphql(`
  fragment PaymentChoice on PaymentGatewayInfo {
    gateway
    tokens
  }
`);

type Gateways = readonly FragmentType<typeof PaymentChoiceFragment>[];

/** One way to pay: a gateway, or one of the make-believe cards of a gateway that has such. */
function waysToPay(gateways: Gateways): PaymentMethodInput[] {
  return readFragment(PaymentChoiceFragment, gateways).flatMap(({ gateway, tokens }) =>
    (tokens.length > 0 ? tokens : [null]).map((token): PaymentMethodInput => ({ gateway, token })),
  );
}

/** What is chosen until somebody chooses: the first that the store offers. */
export function firstWay(gateways: Gateways): PaymentMethodInput | null {
  return waysToPay(gateways)[0] ?? null;
}

interface PaymentChoiceProps {
  gateways: Gateways;
  chosen: PaymentMethodInput | null;
  onChoose: (method: PaymentMethodInput) => void;
}

export function PaymentChoice({ gateways, chosen, onChoose }: PaymentChoiceProps) {
  const { t } = useLocale();
  const ways = waysToPay(gateways);
  if (ways.length === 0) return <p className="warning">{t.pay.none}</p>;
  const hasSandbox = ways.some((it) => it.gateway === 'SANDBOX');
  return (
    <div className="choices">
      {hasSandbox && <p className="hint">{t.pay.sandboxHint}</p>}
      {ways.map((it) => {
        const isChosen = it.gateway === chosen?.gateway && it.token === chosen?.token;
        const [title, hint] = it.token ? [t.pay.tokens[it.token] ?? it.token, t.pay.tokenHints[it.token]] : [t.pay.gateways[it.gateway], t.pay.gatewayHints[it.gateway]];
        return (
          <label key={`${it.gateway} ${it.token}`} className="choice">
            <input type="radio" name="payment" checked={isChosen} onChange={() => onChoose(it)} />
            <span>
              {title}
              {hint && <small>{hint}</small>}
            </span>
          </label>
        );
      })}
    </div>
  );
}
