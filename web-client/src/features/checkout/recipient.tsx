import { AddressFields } from '../../address/address-fields';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { KnownRecipientFragment as Person } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';

export const KnownRecipientFragment = graphql(`
  fragment KnownRecipient on User {
    name
    email
    phone
    addresses {
      id
      isDefault
      recipient
      phone
      line1
      line2
      city
      region
      postalCode
      country
    }
  }
`);

type Address = Person['addresses'][number];

interface RecipientProps {
  person: FragmentType<typeof KnownRecipientFragment> | null;
  /** One of the person's addresses, or none: then one is typed. */
  chosen: Address | null;
  refusalOf: (field: string) => string | undefined;
  onChoose: (address: Address | null) => void;
  onCountry: (country: string) => void;
}

/** Who receives the order: out of the address book, or typed. */
export function Recipient({ person: masked, chosen, refusalOf, onChoose, onCountry }: RecipientProps) {
  const { t } = useLocale();
  const person = readFragment(KnownRecipientFragment, masked);
  const addresses = person?.addresses ?? [];
  return (
    <fieldset className="panel">
      <legend>{t.recipient}</legend>
      <div className="form">
        {addresses.length > 0 && (
          <div className="choices">
            {addresses.map((it) => (
              <label key={it.id} className="choice">
                <input type="radio" name="address" checked={it === chosen} onChange={() => onChoose(it)} />
                <span>
                  {it.recipient}
                  <small>{[it.postalCode, it.city, it.line1, it.line2].filter(Boolean).join(', ')}</small>
                </span>
              </label>
            ))}
            <label className="choice">
              <input type="radio" name="address" checked={chosen === null} onChange={() => onChoose(null)} />
              <span>{t.anotherAddress}</span>
            </label>
          </div>
        )}
        {!chosen && (
          <AddressFields
            known={addresses.length > 0 ? {} : { recipient: person?.name, phone: person?.phone }}
            refusalOf={refusalOf}
            onCountry={onCountry}
          />
        )}
        <Field
          label={t.email}
          name="email"
          type="email"
          autoComplete="email"
          defaultValue={person?.email ?? ''}
          required
          hint={t.emailHint}
          refusal={refusalOf('email')}
        />
        {person && !chosen && (
          <label className="check">
            <input type="checkbox" name="keepAddress" defaultChecked />
            <span>{t.keepAddress}</span>
          </label>
        )}
      </div>
    </fieldset>
  );
}
