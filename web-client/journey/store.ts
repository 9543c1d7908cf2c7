// A store of the journeys' own: the built program, on a free port, in a data directory that goes away with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type APIRequestContext, type BrowserContext, test as base, expect } from '@playwright/test';
import { Shopper } from './shopper';
import { Staff } from './staff';

interface Letter {
  to: string;
  subject: string;
  text: string;
}

interface Store {
  url: string;
  stop: () => Promise<void>;
}

/** Starts a store; or takes the one that LAVKA_URL names, `npm run dev` say, which stays as it is. */
async function start(): Promise<Store> {
  if (process.env.LAVKA_URL) return { url: process.env.LAVKA_URL, stop: async () => {} };
  const program = process.env.LAVKA_BIN ?? '../target/debug/lavka';
  const data = await mkdtemp(join(tmpdir(), 'lavka-journey-'));
  const child: ChildProcess = spawn(program, ['up', '--listen', '127.0.0.1:0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
        if (address) resolve(address[0]);
      });
    }
    child.once('exit', (code) => reject(new Error(`lavka ended with ${code}:\n${log.join('\n')}`)));
    child.once('error', reject);
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  return { url, stop };
}

/** What a browser complains of fails the journey, except that a request was refused: that is for the page to show. */
function watch(context: BrowserContext, complaints: string[]): void {
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
}

interface World {
  /** Somebody in the browser of the test. */
  shopper: Shopper;
  /** The staff, in a browser of their own. */
  staff: Staff;
  /** The newest letter to somebody with these words in its subject, as soon as it is there. */
  letter: (to: string, subject: string) => Promise<Letter>;
}

export const test = base.extend<World, { shop: string }>({
  shop: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const { url, stop } = await start();
      await use(url);
      await stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ shop }, use) => use(shop),
  shopper: async ({ page, context }, use) => {
    const complaints: string[] = [];
    watch(context, complaints);
    await use(new Shopper(page));
    expect(complaints, 'what the browser complained of').toEqual([]);
  },
  staff: async ({ browser, shop }, use) => {
    const complaints: string[] = [];
    const context = await browser.newContext({ baseURL: shop, locale: 'en-US', viewport: { width: 1280, height: 800 } });
    watch(context, complaints);
    await use(await Staff.signIn(await context.newPage()));
    await context.close();
    expect(complaints, 'what the browser of the staff complained of').toEqual([]);
  },
  letter: async ({ request }, use) => use((to, subject) => findLetter(request, to, subject)),
});

async function findLetter(request: APIRequestContext, to: string, subject: string): Promise<Letter> {
  let found: Letter | undefined;
  await expect(async () => {
    const answer = await request.get('/dev/mail', { headers: { accept: 'application/json' } });
    const letters = (await answer.json()) as Letter[];
    found = letters.find((it) => it.to.includes(to) && it.subject.includes(subject));
    expect(found, `a letter to ${to} about "${subject}"`).toBeDefined();
  }).toPass({ timeout: 20_000 });
  if (!found) throw new Error('a letter that was found is gone');
  return found;
}

/** An address that nobody has used before. */
export function newAddress(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}@example.com`;
}

/** The one link of the shop's in a letter that begins like this. */
export function linkIn(letter: Letter, path: string): string {
  const link = letter.text.match(/https?:\/\/\S+/g)?.find((it) => it.includes(path));
  if (!link) throw new Error(`no link to ${path} in: ${letter.text}`);
  return link;
}

export { expect } from '@playwright/test';
