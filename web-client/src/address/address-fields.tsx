// Who receives something, and where: the same fields at the checkout and in the address book.
import { useId, useMemo, useState } from 'react';
import { useLocale } from '../i18n/locale';
import { Field } from '../ui/field';
import { countries } from './countries';

export interface Address {
  recipient: string;
  phone: string;
  line1: string;
  line2: string | null;
  city: string;
  region: string | null;
  postalCode: string;
  country: string;
}

export type Known = { [name in keyof Address]?: string | null | undefined };

/** The fields that show what is refused of them. A recipient is `recipient` in an address, and `name` in an order. */
export const ADDRESS_FIELDS = ['recipient', 'name', 'phone', 'line1', 'line2', 'city', 'region', 'postalCode', 'country'] as const;

/** What was typed. */
export function readAddress(form: FormData): Address {
  const text = (name: keyof Address) => String(form.get(name) ?? '').trim();
  return {
    recipient: text('recipient'),
    phone: text('phone'),
    line1: text('line1'),
    line2: text('line2') || null,
    city: text('city'),
    region: text('region') || null,
    postalCode: text('postalCode'),
    country: text('country'),
  };
}

interface AddressFieldsProps {
  known: Known;
  refusalOf: (field: string) => string | undefined;
  onCountry?: (code: string) => void;
}

/** Where to begin: the shop speaks Russian first. */
export const FIRST_COUNTRY = 'RU';

export function AddressFields({ known, refusalOf, onCountry }: AddressFieldsProps) {
  const { t } = useLocale();
  const field = (name: keyof Address, label: string, autoComplete: string, more?: object) => (
    <Field label={label} name={name} autoComplete={autoComplete} defaultValue={known[name] ?? ''} required refusal={refusalOf(name)} {...more} />
  );
  return (
    <>
      <div className="pair">
        {field('recipient', t.name, 'name', { refusal: refusalOf('recipient') ?? refusalOf('name') })}
        {field('phone', t.phone, 'tel', { type: 'tel' })}
      </div>
      <div className="pair">
        <Country known={known.country} refusal={refusalOf('country')} onCountry={onCountry} />
        {field('postalCode', t.postalCode, 'postal-code')}
      </div>
      <div className="pair">
        {field('city', t.city, 'address-level2')}
        {field('region', t.region, 'address-level1', { required: false })}
      </div>
      {field('line1', t.address, 'address-line1')}
      {field('line2', t.line2, 'address-line2', { required: false })}
    </>
  );
}

interface CountryProps {
  known: string | null | undefined;
  refusal: string | undefined;
  onCountry: ((code: string) => void) | undefined;
}

function Country({ known, refusal, onCountry }: CountryProps) {
  const { t, locale } = useLocale();
  const id = useId();
  const all = useMemo(() => countries(locale), [locale]);
  const [code, setCode] = useState(known ?? FIRST_COUNTRY);
  return (
    <div className="field">
      <label htmlFor={id}>{t.country}</label>
      <select
        id={id}
        name="country"
        autoComplete="country"
        value={code}
        aria-invalid={refusal !== undefined}
        onChange={(event) => {
          setCode(event.target.value);
          onCountry?.(event.target.value);
        }}
      >
        {all.map((it) => (
          <option key={it.code} value={it.code}>
            {it.name}
          </option>
        ))}
      </select>
      {refusal && <p className="field-refusal">{refusal}</p>}
    </div>
  );
}
