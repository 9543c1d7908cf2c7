import { type FragmentType, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Icon } from '../../ui/icon';
import { FacetFragment } from './filters';
import { rangeKey, toggleFacet, withoutFilters, withRange } from './search-params';
import { valueText } from './value-text';

interface ChosenProps {
  facets: readonly FragmentType<typeof FacetFragment>[];
  params: URLSearchParams;
  onChange: (params: URLSearchParams) => void;
}

/** What the list is narrowed by, each to be taken off again: on a phone the filters themselves are out of sight. */
export function ChosenFilters({ facets: masked, params, onChange }: ChosenProps) {
  const { t } = useLocale();
  const facets = readFragment(FacetFragment, masked);
  const range = (facet: string | null, label: string) => {
    const [min, max] = [params.get(rangeKey(facet, 'min')), params.get(rangeKey(facet, 'max'))];
    if (!min && !max) return [];
    const text = [label, min && `${t.from} ${min}`, max && `${t.to} ${max}`].filter(Boolean).join(' ');
    return [{ key: `range ${facet}`, text, without: withRange(params, facet, '', '') }];
  };
  const chosen = [
    ...range(null, t.price),
    ...facets.flatMap((facet) => [
      ...range(facet.name, facet.label),
      ...facet.values
        .filter((it) => it.selected && facet.name !== 'category')
        .map((it) => ({
          key: `${facet.name} ${JSON.stringify(it.value)}`,
          text: `${facet.label}: ${facet.unit ? valueText(it.value, t, facet.unit) : it.label}`,
          without: toggleFacet(params, facet.name, it.value),
        })),
    ]),
  ];
  if (chosen.length === 0) return null;
  return (
    <ul className="chosen">
      {chosen.map((it) => (
        <li key={it.key}>
          <button type="button" aria-label={`${t.takeOff}: ${it.text}`} onClick={() => onChange(it.without)}>
            {it.text}
            <Icon of="cross" />
          </button>
        </li>
      ))}
      {chosen.length > 1 && (
        <li>
          <button type="button" className="plain" onClick={() => onChange(withoutFilters(params))}>
            {t.clearFilters}
          </button>
        </li>
      )}
    </ul>
  );
}
