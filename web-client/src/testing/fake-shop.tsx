// A shop for the tests of pages: it answers by what a test gives it, executed against the real schema, so that an answer which
// the schema doesn't allow fails as much as a request that nobody foresaw.
import { readFileSync } from 'node:fs';
import { act, cleanup, configure, render } from '@testing-library/react';
import { buildSchema, graphql, GraphQLError, parse } from 'graphql';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, vi } from 'vitest';
import { ApiProvider } from '../api/provider';
import { Pages } from '../app';
import { LocaleProvider } from '../i18n/locale';

type Answer = (variables: Record<string, unknown>) => object;
/** By the operation's name: the value of the root, field by field. */
export type Answers = Record<string, Answer>;

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 15_000 });

const schema = buildSchema(readFileSync('../schema/api.graphql', 'utf8'));
/** What went wrong in the fake shop: unforeseen requests, answers that aren't of the schema. */
const problems: string[] = [];

/** Thrown by an answer: the shop can't be reached. */
export class Unreachable extends Error {}

export class FakeShop {
  readonly #answers: Answers;
  /** Everything that was asked, in its order. */
  readonly asked: { operation: string; variables: Record<string, unknown> }[] = [];
  readonly #sockets = new Set<FakeSocket>();

  constructor(answers: Answers) {
    this.#answers = answers;
    vi.stubGlobal('scrollTo', () => {});
    vi.stubGlobal('fetch', (_: unknown, init: { body: string }) => this.#fetch(init.body));
    const sockets = this.#sockets;
    vi.stubGlobal(
      'WebSocket',
      class extends FakeSocket {
        constructor() {
          super();
          sockets.add(this);
        }
      },
    );
  }

  /** The variables of the last request of this name. */
  last(operation: string): Record<string, unknown> | undefined {
    return this.asked.findLast((it) => it.operation === operation)?.variables;
  }

  expectSubscribed(operation: string): void {
    expect([...this.#sockets].some((it) => it.isSubscribed(operation)), `a subscription ${operation}`).toBe(true);
  }

  /** Sends an event to whoever is subscribed. */
  async tell(operation: string, data: object): Promise<void> {
    await act(async () => {
      for (const socket of this.#sockets) await socket.tell(operation, data);
    });
  }

  async #fetch(body: string): Promise<Response> {
    const { query, variables = {} } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const operation = nameOf(query);
    this.asked.push({ operation, variables });
    const answer = this.#answers[operation];
    if (!answer) {
      problems.push(`nobody foresaw ${operation} ${JSON.stringify(variables)}`);
      return json({ errors: [{ message: 'unforeseen' }] });
    }
    let rootValue: object;
    try {
      rootValue = answer(variables);
    } catch (error) {
      if (error instanceof Unreachable) throw new TypeError('Failed to fetch', { cause: error });
      if (!(error instanceof GraphQLError)) throw error;
      return json({ errors: [error] });
    }
    return json(await executed(query, rootValue, variables, operation));
  }
}

async function executed(query: string, rootValue: object, variables: Record<string, unknown>, operation: string) {
  const result = await graphql({ schema, source: query, rootValue, variableValues: variables });
  for (const error of result.errors ?? []) problems.push(`${operation}: ${error.message} at ${error.path?.join('.') ?? 'the root'}`);
  return result;
}

function nameOf(query: string): string {
  const definition = parse(query).definitions.find((it) => it.kind === 'OperationDefinition');
  return definition?.name?.value ?? '?';
}

function json(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
}

/** As much of a WebSocket as graphql-transport-ws needs. */
class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readyState = FakeSocket.OPEN;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #subscriptions = new Map<string, { id: string; query: string; variables: Record<string, unknown> }>();

  constructor() {
    queueMicrotask(() => this.onopen?.());
  }

  send(text: string): void {
    const message = JSON.parse(text) as { type: string; id: string; payload: { query: string; variables?: Record<string, unknown> } };
    if (message.type === 'connection_init') queueMicrotask(() => this.#receive({ type: 'connection_ack' }));
    if (message.type === 'subscribe') {
      const { query, variables = {} } = message.payload;
      this.#subscriptions.set(nameOf(query), { id: message.id, query, variables });
    }
  }

  close(code = 1000, reason = ''): void {
    this.readyState = FakeSocket.CLOSED;
    this.onclose?.({ code, reason, wasClean: true });
  }

  isSubscribed(operation: string): boolean {
    return this.#subscriptions.has(operation);
  }

  async tell(operation: string, data: object): Promise<void> {
    const subscription = this.#subscriptions.get(operation);
    if (!subscription) return;
    const { id, query, variables } = subscription;
    // An event is executed like a query over it.
    const payload = await executed(query, data, variables, operation);
    this.#receive({ type: 'next', id, payload });
  }

  #receive(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

/** Opens a page of the storefront, in English, as a guest. */
export function visit(path: string): void {
  localStorage.setItem('lavka.locale', 'en');
  render(
    <LocaleProvider>
      <ApiProvider>
        <MemoryRouter initialEntries={[path]}>
          <Pages />
        </MemoryRouter>
      </ApiProvider>
    </LocaleProvider>,
  );
}

afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.unstubAllGlobals();
  expect(problems.splice(0), 'what the fake shop could not answer').toEqual([]);
});
