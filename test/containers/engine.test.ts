import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineAnswers } from './engine.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('whether an engine is there', () => {
  it('is what its ping answers', async () => {
    const statuses: number[] = [200, 500];
    const engine = createServer((_, response) => response.writeHead(statuses.shift() ?? 404).end());
    await new Promise<void>((resolve) => engine.listen(join(folder, 'engine.sock'), resolve));
    expect(await engineAnswers(`unix://${folder}/engine.sock`)).toBe(true);
    expect(await engineAnswers(`unix://${folder}/engine.sock`)).toBe(false);
    await new Promise((resolve) => engine.close(resolve));
  });

  it('is false without a socket, and where nobody listens', async () => {
    expect(await engineAnswers(`unix://${folder}/none.sock`)).toBe(false);
    expect(await engineAnswers('tcp://127.0.0.1:9')).toBe(false);
  });
});
