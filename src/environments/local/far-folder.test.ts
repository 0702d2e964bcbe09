import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFarFolder } from './far-folder.ts';

/** The second is a file system that has no such flag. */
const places = [tmpdir(), '/dev/shm'].filter((place) => existsSync(place));

describe('a far folder', () => {
  it.each(places)('is made in %s with its mode, and nothing beside it', async (place) => {
    const parent = await mkdtemp(join(place, 'drillbook-far-'));
    try {
      await makeFarFolder(parent, 'data', 0o700);
      expect(await readdir(parent)).toEqual(['data']);
      expect((await stat(join(parent, 'data'))).mode & 0o777).toBe(0o700);
    } finally {
      await rm(parent, { recursive: true });
    }
  });

  it('is not made over one that has something in it', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'drillbook-far-'));
    try {
      await makeFarFolder(join(parent), 'data', 0o700);
      await makeFarFolder(join(parent, 'data'), 'kept', 0o700);
      await expect(makeFarFolder(parent, 'data', 0o700)).rejects.toThrow('ENOTEMPTY');
    } finally {
      await rm(parent, { recursive: true });
    }
  });
});
