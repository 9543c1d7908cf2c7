// A store of the journey's own: the built program, on a free port, in a data directory that goes away with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base } from '@playwright/test';

async function start(): Promise<{ url: string; stop: () => Promise<void> }> {
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

export const test = base.extend<object, { shop: string }>({
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
});

export { expect } from '@playwright/test';
