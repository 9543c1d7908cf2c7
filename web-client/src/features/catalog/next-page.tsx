import { useQuery } from 'urql';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Failure } from '../../ui/states';
import { PAGE } from './listing-page';
import { ProductCard } from './product-card';
import type { Listing } from './search-params';

const NextPageQuery = graphql(`
  query NextPage($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {
    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {
      nodes {
        id
        ...ProductCard
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

interface NextPageProps {
  listing: Listing;
  after: string;
  /** Which page of the list this is. */
  number: number;
  /** How many are open. */
  open: number;
  onOpen: (pages: number) => void;
}

/** The page after a cursor: first a button, then the page, with the next one at its end. */
export function NextPage({ listing, after, number, open, onOpen }: NextPageProps) {
  const { t } = useLocale();
  const isOpen = open >= number;
  const [{ data, error }, retry] = useQuery({
    query: NextPageQuery,
    variables: { ...listing, first: PAGE, after },
    pause: !isOpen,
  });
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!isOpen || !data) {
    return (
      <div className="more">
        <button type="button" className="button" disabled={isOpen} onClick={() => onOpen(number)}>
          {isOpen ? t.loading : t.more}
        </button>
      </div>
    );
  }
  const { nodes, pageInfo } = data.products;
  return (
    <>
      <div className="grid next">
        {nodes.map((it) => (
          <ProductCard key={it.id} product={it} />
        ))}
      </div>
      {pageInfo.hasNextPage && pageInfo.endCursor && (
        <NextPage listing={listing} after={pageInfo.endCursor} number={number + 1} open={open} onOpen={onOpen} />
      )}
    </>
  );
}
