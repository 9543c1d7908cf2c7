import { type FormEvent, useId, useState } from 'react';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { FacetFragment as FacetValue } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { Icon } from '../../ui/icon';
import { hasFilters, rangeKey, toggleFacet, withoutFilters, withRange } from './search-params';
import { valueText } from './value-text';

export const FacetFragment = graphql(`
  fragment Facet on Facet {
    name
    label
    unit
    min
    max
    values {
      value
      label
      count
      selected
    }
  }
`);

interface FiltersProps {
  /** On a phone, where they are shown on demand. */
  isOpen: boolean;
  facets: readonly FragmentType<typeof FacetFragment>[];
  /** From the cheapest to the dearest, if there is anything. */
  prices: { min: { amount: string }; max: { amount: string } } | null | undefined;
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
}

/** Open from the start, and shown at all until more are asked for, so that the column isn't longer than the list. */
const OPEN = 4;
const SHOWN = 8;
/** A number of more kinds than these is asked for as a range. */
const FEW = 6;

export function Filters({ isOpen, facets: masked, prices, params, onChange }: FiltersProps) {
  const { t } = useLocale();
  const [all, setAll] = useState(false);
  const facets = readFragment(FacetFragment, masked).filter(
    (it) => it.name !== 'category' && (it.values.length > 1 || it.values.some((value) => value.selected)),
  );
  const shown = all ? facets : facets.filter((it, index) => index < SHOWN || isUsed(it, params));
  return (
    <aside id="filters" className={isOpen ? 'filters open' : 'filters'} aria-label={t.filters}>
      <fieldset className="facet">
        <legend>{t.price}</legend>
        <Range facet={null} label={t.price} least={prices?.min.amount} most={prices?.max.amount} params={params} onChange={onChange} />
      </fieldset>
      {shown.map((it, index) => (
        <Facet key={it.name} facet={it} startsOpen={index < OPEN} params={params} onChange={onChange} />
      ))}
      {shown.length < facets.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {t.moreFilters(facets.length - shown.length)}
        </button>
      )}
      {hasFilters(params) && (
        <button type="button" className="button small clear" onClick={() => onChange(withoutFilters(params))}>
          {t.clearFilters}
        </button>
      )}
    </aside>
  );
}

function isUsed({ name, values }: FacetValue, params: URLSearchParams): boolean {
  return values.some((it) => it.selected) || params.has(rangeKey(name, 'min')) || params.has(rangeKey(name, 'max'));
}

interface FacetProps extends Pick<FiltersProps, 'params' | 'onChange'> {
  facet: FacetValue;
  startsOpen: boolean;
}

function Facet({ facet, startsOpen, params, onChange }: FacetProps) {
  const { t } = useLocale();
  const [all, setAll] = useState(false);
  const { name, label, unit, values } = facet;
  const isRange = facet.min != null && facet.max != null && values.length > FEW && !values.some((it) => it.selected);
  const shown = all ? values : values.filter((it, index) => index < FEW || it.selected);
  const title = isRange && unit ? `${label}, ${t.units[unit] ?? unit}` : label;
  return (
    <details className="facet" open={startsOpen || isUsed(facet, params)}>
      <summary>{title}</summary>
      {isRange ? (
        <Range facet={name} label={title} least={facet.min} most={facet.max} params={params} onChange={onChange} />
      ) : (
        <fieldset>
          <legend className="visually-hidden">{title}</legend>
          {shown.map((it) => (
            <label key={JSON.stringify(it.value)} className="check">
              <input type="checkbox" checked={it.selected} onChange={() => onChange(toggleFacet(params, name, it.value))} />
              <span>{unit ? valueText(it.value, t, unit) : it.label}</span>
              <small>{it.count}</small>
            </label>
          ))}
          {shown.length < values.length && (
            <button type="button" className="link" onClick={() => setAll(true)}>
              {t.showAll(values.length)}
            </button>
          )}
        </fieldset>
      )}
    </details>
  );
}

interface RangeProps extends Pick<FiltersProps, 'params' | 'onChange'> {
  /** None for the price. */
  facet: string | null;
  label: string;
  least: string | null | undefined;
  most: string | null | undefined;
}

function Range({ facet, label, least, most, params, onChange }: RangeProps) {
  const { t } = useLocale();
  const id = useId();
  const given = { min: params.get(rangeKey(facet, 'min')) ?? '', max: params.get(rangeKey(facet, 'max')) ?? '' };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onChange(withRange(params, facet, String(form.get('min') ?? ''), String(form.get('max') ?? '')));
  };
  const input = { type: 'text', inputMode: 'decimal', pattern: '\\d{1,12}([.,]\\d{1,2})?', title: t.numberWanted } as const;
  return (
    // Another address has other numbers in it.
    <form key={`${given.min}-${given.max}`} className="range" onSubmit={submit}>
      <input {...input} id={`${id}-min`} name="min" aria-label={`${label}, ${t.from}`} placeholder={whole(least, Math.floor) ?? t.from} defaultValue={given.min} />
      <span aria-hidden="true">–</span>
      <input {...input} id={`${id}-max`} name="max" aria-label={`${label}, ${t.to}`} placeholder={whole(most, Math.ceil) ?? t.to} defaultValue={given.max} />
      <button type="submit" className="button" aria-label={`${label}: ${t.apply}`}>
        <Icon of="tick" />
      </button>
    </form>
  );
}

/** The numbers that show where the range ends are hints: round ones do. */
function whole(amount: string | null | undefined, round: (value: number) => number): string | null {
  return amount == null ? null : String(round(Number(amount)));
}
