import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nowhere } from '../../test/conformance/http-server.ts';
import { startPostgres, type TestServer } from '../../test/conformance/postgres-server.ts';
import { connectReadWrite, type PostgresLogin, type PostgresServer } from './postgres.ts';

let writable: TestServer;
let readOnly: TestServer;
let gone: PostgresServer;
let login: PostgresLogin;

beforeAll(async () => {
  writable = await startPostgres({ host: '127.0.0.2' });
  readOnly = await startPostgres({ host: '127.0.0.3', settings: ['default_transaction_read_only=on'] });
  gone = await nowhere();
  login = { ...writable.address().database, hosts: {} };
});
afterAll(async () => {
  await writable?.stop();
  await readOnly?.stop();
});

async function whichOf(...servers: PostgresServer[]): Promise<string> {
  const connection = await connectReadWrite(servers, login, AbortSignal.timeout(20_000));
  connection.release();
  return connection.server.host;
}

describe('the first server that takes writes', () => {
  it('is found behind one that is gone and one that only reads', async () => {
    expect(await whichOf(writable)).toBe('127.0.0.2');
    expect(await whichOf(gone, readOnly, writable)).toBe('127.0.0.2');
  });

  it('is found behind one that is frozen', async () => {
    readOnly.signal('SIGSTOP');
    try {
      expect(await whichOf(readOnly, writable)).toBe('127.0.0.2');
    } finally {
      readOnly.signal('SIGCONT');
    }
  });

  it('is missed with the reason of each', async () => {
    await expect(whichOf(gone, readOnly)).rejects.toMatchObject({
      name: 'ConnectError',
      code: 'ECONNREFUSED / read-only',
    });
  });

  it('is waited for no longer than the caller wants', async () => {
    writable.signal('SIGSTOP');
    try {
      const attempt = connectReadWrite([writable], login, AbortSignal.timeout(300));
      await expect(attempt).rejects.toMatchObject({ code: 'timeout' });
    } finally {
      writable.signal('SIGCONT');
    }
  });
});
