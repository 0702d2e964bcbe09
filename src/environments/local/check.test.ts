import { describe, expect, it } from 'vitest';
import { platform as platformFile } from '../../definition/platform.ts';
import { checkPlatform } from './check.ts';

const dns = { server: 'names', port: 5300, name: 'api.platform.example' };
const http = { kind: 'http', role: 'api' };
const platform = {
  ...platformFile.parse({
    platform: 'test',
    environment: 'local',
    components: { api: { command: 'api' }, names: { command: 'names' } },
    probes: { ready: { ...http, path: '/', dns }, itself: { ...http, path: '/' } },
    ledgers: { orders: { ...http, write: 'PUT /{id}', list: 'GET /', dns } },
  }),
  baseDir: '/',
};

describe('a platform with names that DNS switches', () => {
  it('cannot run where all components share one address', async () => {
    expect(await checkPlatform(platform, 'shared')).toEqual([
      {
        what: expect.stringContaining(
          'ready asks for api.platform.example, orders asks for api.platform.example',
        ),
        todo: expect.stringContaining('Linux'),
      },
    ]);
    const { probes, ledgers, ...without } = platform;
    expect(await checkPlatform(without, 'shared')).toEqual([]);
  });

  it('can where each has its own', async () => expect(await checkPlatform(platform, 'distinct')).toEqual([]));
});
