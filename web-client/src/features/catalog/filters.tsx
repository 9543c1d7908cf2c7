import { type FormEvent, useState } from 'react';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { hasFilters, toggleFacet, withoutFilters, withParam } from './search-params';
import { valueText } from './value-text';

const FacetFragment = graphql(`
  fragment Facet on Facet {
    name
    label
    values {
      value
      count
      selected
    }
  }
`);

interface FiltersProps {
  facets: readonly (FragmentType<typeof FacetFragment> & { name: string })[];
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
}

export function Filters({ facets, params, onChange }: FiltersProps) {
  const { t } = useLocale();
  // Open beside the list where there is room for it; behind a button on a phone.
  const [open, setOpen] = useState(false);
  return (
    <aside className={open ? 'filters open' : 'filters'}>
      <button type="button" className="button quiet filters-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t.filters}
      </button>
      <div className="filters-body">
        <PriceFilter key={`${params.get('min')}-${params.get('max')}`} params={params} onChange={onChange} />
        {facets
          .filter((it) => it.name !== 'category')
          .map((it) => (
            <Facet key={it.name} facet={it} onToggle={(name, value) => onChange(toggleFacet(params, name, value))} />
          ))}
        {hasFilters(params) && (
          <button type="button" className="link" onClick={() => onChange(withoutFilters(params))}>
            {t.clearFilters}
          </button>
        )}
      </div>
    </aside>
  );
}

function PriceFilter({ params, onChange }: Pick<FiltersProps, 'params' | 'onChange'>) {
  const { t } = useLocale();
  const [min, setMin] = useState(params.get('min') ?? '');
  const [max, setMax] = useState(params.get('max') ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(withParam(withParam(params, 'min', min.replace(',', '.').trim()), 'max', max.replace(',', '.').trim()));
  };
  const input = { type: 'text', inputMode: 'decimal', pattern: '\\d{1,12}([.,]\\d{1,2})?' } as const;
  return (
    <form className="facet" onSubmit={submit}>
      <h2>{t.price}</h2>
      <div className="price-filter">
        <input {...input} aria-label={`${t.price}, ${t.from}`} placeholder={t.from} value={min} onChange={(event) => setMin(event.target.value)} />
        <input {...input} aria-label={`${t.price}, ${t.to}`} placeholder={t.to} value={max} onChange={(event) => setMax(event.target.value)} />
        <button type="submit" className="button quiet" aria-label={`${t.price}: ${t.apply}`}>
          ✓
        </button>
      </div>
    </form>
  );
}

const SHOWN = 8;

function Facet({ facet, onToggle }: { facet: FragmentType<typeof FacetFragment>; onToggle: (name: string, value: unknown) => void }) {
  const { t } = useLocale();
  const { name, label, values } = readFragment(FacetFragment, facet);
  const [all, setAll] = useState(false);
  if (values.length < 2 && !values.some((it) => it.selected)) return null;
  const shown = all ? values : values.filter((it, index) => index < SHOWN || it.selected);
  return (
    <fieldset className="facet">
      <legend>{label}</legend>
      {shown.map((it) => (
        <label key={JSON.stringify(it.value)} className="check">
          <input type="checkbox" checked={it.selected} onChange={() => onToggle(name, it.value)} />
          <span>{valueText(it.value, t)}</span>
          <small>{it.count}</small>
        </label>
      ))}
      {shown.length < values.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {t.more}
        </button>
      )}
    </fieldset>
  );
}
