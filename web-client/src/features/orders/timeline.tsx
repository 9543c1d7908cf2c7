import { type FragmentType, graphql, readFragment } from '../../gql';
import type { OrderStatus } from '../../gql/graphql';
import { formatDateTime } from '../../i18n/date';
import { useLocale } from '../../i18n/locale';
import { ahead } from './ahead';

const TimelineFragment = graphql(`
  fragment Timeline on Order {
    status
    history {
      status
      at
      note
    }
  }
`);

/** What happened, with its times, and then what is still to come. */
export function Timeline({ of }: { of: FragmentType<typeof TimelineFragment> }) {
  const { t, locale } = useLocale();
  const { status, history } = readFragment(TimelineFragment, of);
  return (
    <ol className="timeline">
      {history.map((it, index) => (
        <li key={`${it.at}-${it.status}`} className={index === history.length - 1 ? 'now' : 'past'} data-status={it.status}>
          {/* What waits for its payment now was just placed, seen from later. */}
          <strong>{index === 0 && history.length > 1 ? t.placedAt : t.statuses[it.status]}</strong>
          <time dateTime={it.at}>{formatDateTime(it.at, locale)}</time>
          {it.note && <small>{it.note}</small>}
        </li>
      ))}
      {ahead(status).map((it: OrderStatus) => (
        <li key={it} className="ahead">
          <strong>{t.stepsAhead[it] ?? t.statuses[it]}</strong>
        </li>
      ))}
    </ol>
  );
}
