import { useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Price } from '../../ui/money';
import { Failure } from '../../ui/states';

const ShippingMethods = graphql(`
  query ShippingMethods($country: String!, $cartId: ID) {
    shippingMethods(country: $country, cartId: $cartId) {
      code
      title
      estimatedDays
      price {
        ...Money
      }
    }
  }
`);

/** How the order could travel to this country, and what is chosen: the first until somebody chooses. */
export function useShipping(country: string, cartId: string) {
  const [chosen, choose] = useState<string | null>(null);
  const [{ data, error, fetching }, ask] = useQuery({ query: ShippingMethods, variables: { country, cartId } });
  const methods = data?.shippingMethods ?? [];
  return {
    methods,
    error,
    fetching,
    known: data !== undefined,
    method: methods.find((it) => it.code === chosen) ?? methods[0],
    choose,
    retry: () => ask({ requestPolicy: 'network-only' }),
  };
}

export function Shipping({ of: { methods, method, choose, error, fetching, known, retry } }: { of: ReturnType<typeof useShipping> }) {
  const { t } = useLocale();
  return (
    <fieldset className="panel" aria-busy={fetching}>
      <legend>{t.delivery}</legend>
      {error && <Failure error={error} onRetry={retry} />}
      {known && methods.length === 0 && <p className="warning">{t.noShipping}</p>}
      <div className="choices">
        {methods.map((it) => (
          <label key={it.code} className="choice">
            <input type="radio" name="shipping" checked={it.code === method?.code} onChange={() => choose(it.code)} />
            <span>
              {it.title} <small>{t.days(it.estimatedDays)}</small>
            </span>
            <Price of={it.price} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
