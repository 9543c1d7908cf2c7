import { useSearchParams } from 'react-router';
import { rememberGuestCart } from '../../api/cart';
import { useApi } from '../../api/provider';
import type { Tokens } from '../../api/session';

/** Where the person was sent here from, if it is a path of ours; never to somebody else's page. */
export function backFrom(params: URLSearchParams): string {
  const back = params.get('back') ?? '/';
  return /^\/(?![/\\])/.test(back) ? back : '/';
}

/** Beginning a session, and the way on. */
export function useArrival() {
  const { session } = useApi();
  const [params] = useSearchParams();
  const arrive = (tokens: Tokens) => {
    // The guest's cart has become part of the person's.
    rememberGuestCart(null);
    session.begin(tokens);
  };
  return { arrive, back: backFrom(params), query: params.size > 0 ? `?${params}` : '' };
}
