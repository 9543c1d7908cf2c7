import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { valueText } from './value-text';

const AttributeFragment = graphql(`
  fragment Attribute on Attribute {
    name
    label
    value
    unit
  }
`);

export function Attributes({ of }: { of: readonly FragmentType<typeof AttributeFragment>[] }) {
  const { t } = useLocale();
  return (
    <dl className="attributes">
      {readFragment(AttributeFragment, of).map((it) => (
        <div key={it.name}>
          <dt>{it.label}</dt>
          <dd>{valueText(it.value, t, it.unit)}</dd>
        </div>
      ))}
    </dl>
  );
}
