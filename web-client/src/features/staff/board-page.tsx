// The staff's board: orders with the next step as a button, new ones arriving by themselves.
import { useDeferredValue, useState } from 'react';
import { useQuery, useSubscription } from 'urql';
import { graphql } from '../../gql';
import type { OrderStatus } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { Empty, Failure, Loading } from '../../ui/states';
import { Title } from '../../ui/title';
import { BoardRow } from './board-row';

const Board = graphql(`
  query Board($status: OrderStatus, $search: String, $flagged: Boolean!, $first: Int!) {
    orders(status: $status, search: $search, flagged: $flagged, first: $first) {
      totalCount
      nodes {
        id
        ...BoardRow
        ...Flag
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

const NewOrders = graphql(`
  subscription NewOrders {
    newOrders {
      id
      number
    }
  }
`);

const STATUSES: readonly OrderStatus[] = ['PAID', 'ASSEMBLED', 'HANDED_TO_DELIVERY', 'DELIVERED', 'PENDING_PAYMENT', 'PAYMENT_FAILED', 'CANCELLED', 'REFUNDED'];
/** Beside the statuses: what can't be fulfilled and waits for a person. */
const FLAGGED = 'FLAGGED';
type Filter = OrderStatus | typeof FLAGGED;
const FILTERS: readonly Filter[] = [FLAGGED, ...STATUSES];
const PAGE = 25;
/** Each row is followed, and a connection carries a hundred subscriptions; further back leads the search. */
const MOST = 75;

export function BoardPage() {
  const { t } = useLocale();
  const [filter, setFilter] = useState<Filter | null>(null);
  const [search, setSearch] = useState('');
  const [first, setFirst] = useState(PAGE);
  const typed = useDeferredValue(search.trim());
  const [{ data, error, fetching }, refresh] = useQuery({
    query: Board,
    variables: { status: filter === FLAGGED ? null : filter, flagged: filter === FLAGGED, search: typed || null, first },
    requestPolicy: 'cache-and-network',
  });
  // A new order is a reason to read the list again, which knows the filter and the order of its rows.
  useSubscription({ query: NewOrders }, (_, order) => {
    refresh({ requestPolicy: 'network-only' });
    return order;
  });
  if (error && !data) return <Failure error={error} onRetry={() => refresh({ requestPolicy: 'network-only' })} />;
  if (!data) return <Loading />;
  const { nodes, totalCount, pageInfo } = data.orders;
  return (
    <section className="board">
      <Title of={t.board} />
      <div className="board-head">
        <h1>
          {t.board} <small>{totalCount}</small>
        </h1>
        <input type="search" aria-label={t.boardSearch} placeholder={t.boardSearch} value={search} onChange={(event) => setSearch(event.target.value)} />
        <select
          aria-label={t.statusFilter}
          value={filter ?? ''}
          onChange={(event) => setFilter(FILTERS.find((it) => it === event.target.value) ?? null)}
        >
          <option value="">{t.allStatuses}</option>
          <option value={FLAGGED}>{t.flag.waiting}</option>
          {STATUSES.map((it) => (
            <option key={it} value={it}>
              {t.statuses[it]}
            </option>
          ))}
        </select>
      </div>
      {nodes.length === 0 ? (
        <Empty title={t.boardEmpty} hint={t.boardEmptyHint} />
      ) : (
        <ul className={fetching ? 'board-rows panel stale' : 'board-rows panel'}>
          {nodes.map((it) => (
            <BoardRow key={it.id} id={it.id} order={it} flag={it} />
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
