// The GraphQL client of the whole page: queries and mutations by HTTP, subscriptions by WebSocket
// (graphql-transport-ws), both with the access token of the session.
import { authExchange } from '@urql/exchange-auth';
import { createClient as createSocket } from 'graphql-ws';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { cacheExchange, type Client, createClient, fetchExchange, Provider, subscriptionExchange } from 'urql';
import { type LocaleCode, useLocale } from '../i18n/locale';
import { refresh } from './refresh';
import { Session } from './session';

export type Connection = 'connecting' | 'live' | 'lost';

interface Api {
  session: Session;
  connection: Connection;
}

const ApiContext = createContext<Api | null>(null);

export function ApiProvider({ children }: { children: ReactNode }) {
  const { locale } = useLocale();
  const [session] = useState(() => new Session(localStorage));
  const [connection, setConnection] = useState<Connection>('connecting');
  const token = useSyncExternalStore(session.subscribe, session.snapshot);
  const signedIn = token !== null;
  const [ready, setReady] = useState(!session.mayRefresh);

  useEffect(() => {
    if (!ready) void refresh(session).finally(() => setReady(true));
  }, [ready, session]);

  // A new client for another person or language: nothing cached for one is shown to the other.
  const { client, socket } = useMemo(
    () => connect(session, locale, setConnection),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- signedIn stands for the person
    [session, locale, signedIn],
  );
  useEffect(() => () => void socket.dispose(), [socket]);

  const api = useMemo(() => ({ session, connection }), [session, connection]);
  if (!ready) return null;
  return (
    <ApiContext.Provider value={api}>
      <Provider value={client}>{children}</Provider>
    </ApiContext.Provider>
  );
}

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('useApi outside of ApiProvider');
  return api;
}

/** Whether somebody is signed in. */
export function useSignedIn(): boolean {
  const { session } = useApi();
  return useSyncExternalStore(session.subscribe, session.snapshot) !== null;
}

function connect(session: Session, locale: LocaleCode, onConnection: (connection: Connection) => void) {
  const socket = createSocket({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    connectionParams: async () => {
      if (session.mayRefresh && session.endsSoon(Date.now())) await refresh(session);
      const language = { 'accept-language': locale };
      return session.accessToken ? { authorization: `Bearer ${session.accessToken}`, ...language } : language;
    },
    on: {
      connecting: () => onConnection('connecting'),
      connected: () => onConnection('live'),
      closed: () => onConnection('lost'),
    },
  });
  const client: Client = createClient({
    url: '/graphql',
    preferGetMethod: false,
    fetchOptions: { credentials: 'same-origin', headers: { 'accept-language': locale } },
    exchanges: [
      cacheExchange,
      authExchange(async (tools) => ({
        addAuthToOperation: (operation) =>
          session.accessToken
            ? tools.appendHeaders(operation, { authorization: `Bearer ${session.accessToken}` })
            : operation,
        willAuthError: () => session.mayRefresh && session.endsSoon(Date.now()),
        didAuthError: (error) =>
          session.mayRefresh && error.graphQLErrors.some((it) => it.extensions.code === 'UNAUTHENTICATED'),
        refreshAuth: () => refresh(session),
      })),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink),
          }),
        }),
      }),
    ],
  });
  return { client, socket };
}
