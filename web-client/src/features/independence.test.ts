import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const FEATURES = resolve('src/features');

/** Which files of other features a feature imports. */
function borrowed(feature: string): string[] {
  const folder = join(FEATURES, feature);
  return readdirSync(folder).flatMap((file) => {
    const path = join(folder, file);
    const sources = [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((it) => resolve(dirname(path), it[1] ?? ''));
    return sources.filter((it) => it.startsWith(FEATURES) && !it.startsWith(folder + '/')).map((it) => `${feature}/${file} imports ${relative(FEATURES, it)}`);
  });
}

describe('features', () => {
  const features = readdirSync(FEATURES, { withFileTypes: true }).filter((it) => it.isDirectory());

  it('are several', () => {
    expect(features.length).toBeGreaterThan(4);
  });

  it.each(features.map((it) => it.name))('%s imports no other', (feature) => {
    expect(borrowed(feature)).toEqual([]);
  });
});
