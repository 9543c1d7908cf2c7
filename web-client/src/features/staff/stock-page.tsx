// How much of each thing can be bought, to be corrected when the shelf says otherwise.
import { type FormEvent, useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { useMutation, useQuery } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { useOutcome } from '../../ui/outcome';
import { Picture } from '../../ui/picture';
import { Empty, Failure, Loading, Refusals } from '../../ui/states';
import { Title } from '../../ui/title';

const StockRowFragment = graphql(`
  fragment StockRow on Product {
    id
    slug
    title
    images {
      ...Picture
    }
    variants {
      sku
      title
      available
    }
  }
`);

const Stock = graphql(`
  query Stock($search: String, $first: Int!) {
    products(search: $search, first: $first, sort: TITLE) {
      totalCount
      nodes {
        id
        ...StockRow
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

const SetStock = graphql(`
  mutation SetStock($input: SetStockInput!) {
    setStock(input: $input) {
      variant {
        sku
        available
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const PAGE = 25;
const MOST = 100;

export function StockPage() {
  const { t } = useLocale();
  const [search, setSearch] = useState('');
  const [first, setFirst] = useState(PAGE);
  const typed = useDeferredValue(search.trim());
  const [{ data, error, fetching }, retry] = useQuery({
    query: Stock,
    variables: { search: typed || null, first },
    requestPolicy: 'cache-and-network',
  });
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data) return <Loading />;
  const { nodes, totalCount, pageInfo } = data.products;
  return (
    <section>
      <Title of={t.stock.title} />
      <div className="board-head">
        <h1>
          {t.stock.title} <small>{totalCount}</small>
        </h1>
        <input type="search" aria-label={t.search} placeholder={t.search} value={search} onChange={(event) => setSearch(event.target.value)} />
      </div>
      {nodes.length === 0 ? (
        <Empty title={t.nothingFound} />
      ) : (
        <ul className={fetching ? 'board-rows panel stale' : 'board-rows panel'}>
          {nodes.map((it) => (
            <StockRow key={it.id} product={it} />
          ))}
        </ul>
      )}
      {pageInfo.hasNextPage && first < MOST && (
        <p className="more">
          <button type="button" className="button" disabled={fetching} onClick={() => setFirst(Math.min(first + PAGE, MOST))}>
            {t.more}
          </button>
        </p>
      )}
    </section>
  );
}

function StockRow({ product: masked }: { product: FragmentType<typeof StockRowFragment> }) {
  const product = readFragment(StockRowFragment, masked);
  return (
    <li className="stock-row">
      <Picture of={product.images[0]} />
      <div>
        <Link to={`/products/${product.slug}`}>
          <strong>{product.title}</strong>
        </Link>
        <ul>
          {product.variants.map((it) => (
            // Another number from the shop is another beginning.
            <VariantStock key={`${it.sku} ${it.available}`} sku={it.sku} title={it.title === product.title ? '' : it.title} available={it.available} />
          ))}
        </ul>
      </div>
    </li>
  );
}

function VariantStock({ sku, title, available }: { sku: string; title: string; available: number }) {
  const { t } = useLocale();
  const [quantity, setQuantity] = useState(String(available));
  const [{ fetching }, setStock] = useMutation(SetStock);
  const { refusals, settle } = useOutcome();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { data, error } = await setStock({ input: { sku, quantity: Number(quantity) } });
    settle(data?.setStock, error);
  };
  return (
    <li>
      <form className="variant-stock" onSubmit={submit}>
        <span>
          {title}
          <small>{sku}</small>
        </span>
        <input
          type="number"
          inputMode="numeric"
          min={0}
          max={1_000_000}
          required
          aria-label={t.stock.of(sku)}
          value={quantity}
          onChange={(event) => setQuantity(event.target.value)}
        />
        <button type="submit" className="button small" disabled={fetching || quantity === String(available)} aria-label={`${t.save}: ${sku}`}>
          {t.save}
        </button>
      </form>
      <Refusals of={refusals} />
    </li>
  );
}
