// Asks a router with @defer by a client that others wrote, and prints all that a page would show, a line of JSON for each state.
// node deferring.mjs CLIENT URL QUERY
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { Defer20220824Handler, GraphQL17Alpha9Handler } from "@apollo/client/incremental";
import { Client, fetchExchange } from "@urql/core";

const [name, url, query] = process.argv.slice(2);

// Some clients ask for types as well.
function show(data) {
  console.log(JSON.stringify(data, (key, value) => (key === "__typename" ? undefined : value)));
}

function apollo(incrementalHandler) {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url }),
    cache: new InMemoryCache(),
    incrementalHandler,
  });
  return new Promise((resolve, reject) => {
    client.watchQuery({ query: gql(query), fetchPolicy: "no-cache" }).subscribe({
      next({ data, dataState, error }) {
        if (error) reject(error);
        if (dataState === "empty") return;
        show(data);
        if (dataState === "complete") resolve();
      },
      error: reject,
    });
  });
}

function urql() {
  const client = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false });
  return new Promise((resolve, reject) => {
    client.query(query, {}).subscribe(({ data, error, hasNext }) => {
      if (error) reject(error);
      show(data);
      if (!hasNext) resolve();
    });
  });
}

const clients = {
  "apollo, current proposal": () => apollo(new GraphQL17Alpha9Handler()),
  "apollo, form of 2022": () => apollo(new Defer20220824Handler()),
  urql,
};
await clients[name]();
process.exit(0);
