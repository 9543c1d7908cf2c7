import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './page.css';

import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

// The endpoint is where this page came from. Headers from the editor travel in the socket's connection_init, so that
// `{"authorization": "Bearer …"}` signs subscriptions in as well.
const url = location.origin + location.pathname;
const fetcher = createGraphiQLFetcher({ url, subscriptionUrl: url.replace(/^http/, 'ws') });

const fallback = `# Press the button, or Ctrl-Enter, to run this.
# The book on the left shows what there is.
# A token goes into Headers, below:
#   {"authorization": "Bearer …"}

query WhatIsHere {
  __schema {
    queryType {
      fields {
        name
        description
      }
    }
  }
}
`;

const place = document.getElementById('graphiql')!;
createRoot(place).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery={place.dataset.defaultQuery || fallback}
    defaultEditorToolsVisibility="headers"
    isHeadersEditorEnabled
  />,
);
