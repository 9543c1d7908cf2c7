import { type FormEvent, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { ADDRESS_FIELDS, AddressFields, readAddress } from '../../address/address-fields';
import { countryName } from '../../address/countries';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { AddressCardFragment as AddressValue } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { useOutcome } from '../../ui/outcome';
import { Empty, Failure, Loading, Refusals } from '../../ui/states';
import { Title } from '../../ui/title';

const AddressFragment = graphql(`
  fragment AddressCard on Address {
    id
    recipient
    phone
    line1
    line2
    city
    region
    postalCode
    country
    isDefault
  }
`);

const Addresses = graphql(`
  query Addresses {
    me {
      id
      addresses {
        id
        ...AddressCard
      }
    }
  }
`);

const SaveAddress = graphql(`
  mutation SaveAddress($input: SaveAddressInput!) {
    saveAddress(input: $input) {
      user {
        id
        addresses {
          ...AddressCard
        }
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const DeleteAddress = graphql(`
  mutation DeleteAddress($input: DeleteAddressInput!) {
    deleteAddress(input: $input) {
      user {
        id
        addresses {
          ...AddressCard
        }
      }
      userErrors {
        code
        message
      }
    }
  }
`);

export function AddressesPage() {
  const { t } = useLocale();
  const [{ data, error }, retry] = useQuery({ query: Addresses, requestPolicy: 'cache-and-network' });
  // What is being edited: an address, a new one, or nothing.
  const [edited, edit] = useState<AddressValue | 'new' | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data?.me) return <Loading />;
  const { addresses } = data.me;
  return (
    <section>
      <Title of={t.account.addresses} />
      <h1>{t.account.addresses}</h1>
      {edited ? (
        <AddressForm address={edited === 'new' ? null : edited} isFirst={addresses.length === 0} onDone={() => edit(null)} />
      ) : addresses.length === 0 ? (
        <Empty title={t.account.noAddresses} hint={t.account.noAddressesHint}>
          <button type="button" className="button primary" onClick={() => edit('new')}>
            {t.account.addAddress}
          </button>
        </Empty>
      ) : (
        <>
          <ul className="cards">
            {addresses.map((it) => (
              <AddressCard key={it.id} address={it} onEdit={edit} />
            ))}
          </ul>
          <p className="more">
            <button type="button" className="button" onClick={() => edit('new')}>
              {t.account.addAddress}
            </button>
          </p>
        </>
      )}
    </section>
  );
}

function AddressCard({ address: masked, onEdit }: { address: FragmentType<typeof AddressFragment>; onEdit: (address: AddressValue) => void }) {
  const { t, locale } = useLocale();
  const address = readFragment(AddressFragment, masked);
  const [{ fetching }, remove] = useMutation(DeleteAddress);
  const { refusals, settle } = useOutcome();
  const of = `${address.line1}, ${address.city}`;
  return (
    <li className="panel">
      {address.isDefault && <span className="status PAID">{t.account.isDefault}</span>}
      <address>
        <strong>{address.recipient}</strong>
        <br />
        {[address.line1, address.line2].filter(Boolean).join(', ')}
        <br />
        {[address.postalCode, address.city, address.region].filter(Boolean).join(', ')}
        <br />
        {countryName(address.country, locale)}
        <br />
        {address.phone}
      </address>
      <Refusals of={refusals} />
      <div className="form-end">
        <button type="button" className="button small" aria-label={`${t.edit}: ${of}`} onClick={() => onEdit(address)}>
          {t.edit}
        </button>
        <button
          type="button"
          className="link"
          aria-label={`${t.remove}: ${of}`}
          disabled={fetching}
          onClick={async () => {
            const { data, error } = await remove({ input: { id: address.id } });
            settle(data?.deleteAddress, error);
          }}
        >
          {t.remove}
        </button>
      </div>
    </li>
  );
}

function AddressForm({ address, isFirst, onDone }: { address: AddressValue | null; isFirst: boolean; onDone: () => void }) {
  const { t } = useLocale();
  const [{ fetching }, save] = useMutation(SaveAddress);
  const { settle, refusalOf, others } = useOutcome();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const input = { id: address?.id ?? null, ...readAddress(form), isDefault: form.get('isDefault') !== null };
    // An empty address book has nothing in it that could say that it changed.
    const { data, error } = await save({ input }, { additionalTypenames: ['Address', 'User'] });
    if (settle(data?.saveAddress, error)) onDone();
  };
  return (
    <form className="form panel account-form" onSubmit={submit}>
      <AddressFields known={address ?? {}} refusalOf={refusalOf} />
      <label className="check">
        <input type="checkbox" name="isDefault" defaultChecked={address?.isDefault ?? isFirst} />
        <span>{t.account.makeDefault}</span>
      </label>
      <Refusals of={others(ADDRESS_FIELDS)} />
      <div className="form-end">
        <button type="submit" className="button primary" disabled={fetching}>
          {t.save}
        </button>
        <button type="button" className="link" onClick={onDone}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
