import { useQuery } from 'urql';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { ProductCard } from './product-card';

const NeighboursQuery = graphql(`
  query Neighbours($category: String!) {
    products(filter: { category: $category }, first: 5) {
      nodes {
        id
        ...ProductCard
      }
    }
  }
`);

const SHOWN = 4;

/** What stands on the same shelf. It is an extra: when it can't be had, nothing is said. */
export function Neighbours({ product, category }: { product: string; category: string }) {
  const { t } = useLocale();
  const [{ data }] = useQuery({ query: NeighboursQuery, variables: { category } });
  const others = (data?.products.nodes ?? []).filter((it) => it.id !== product).slice(0, SHOWN);
  if (others.length === 0) return null;
  return (
    <section className="neighbours">
      <h2>{t.neighbours}</h2>
      <div className="grid">
        {others.map((it) => (
          <ProductCard key={it.id} product={it} />
        ))}
      </div>
    </section>
  );
}
