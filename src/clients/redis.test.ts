import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { nowhere } from '../../test/conformance/http-server.ts';
import { connectRedisPrimary, infoFields, redisErrorCode } from './redis.ts';

describe('the fields of an INFO reply', () => {
  it('are those of every section, and the parts of those that have some', () => {
    const fields = infoFields(
      '# Replication\r\nrole:master\r\nslave0:ip=a,port=6379,state=online,offset=42,lag=1\r\n\r\n# Errorstats\r\nerrorstat_ERR:count=2\r\n',
    );
    expect(Object.fromEntries(fields)).toMatchObject({
      ...{ role: 'master', 'slave0.offset': '42', 'slave0.lag': '1', 'errorstat_ERR.count': '2' },
    });
    expect(infoFields(null).size).toBe(0);
  });
});

describe('what went wrong', () => {
  it('is said in a word', () => {
    const refusal = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });
    expect(redisErrorCode(refusal("READONLY You can't write against a read only replica."))).toBe('READONLY');
    expect(redisErrorCode(refusal('ERR unknown command'))).toBe('ERR unknown command');
    expect(redisErrorCode(new Error('Connection is closed.'))).toBe('connection lost');
    expect(redisErrorCode(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe('ECONNRESET');
  });
});

describe('the primary among the members', () => {
  it('is looked for beside a member that accepts connections and says nothing', async () => {
    const silent = createServer((socket) => void socket.on('error', () => {}).resume()).listen(
      0,
      '127.0.0.1',
    );
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const gone = await nowhere();
    const members = [{ host: '127.0.0.1', port }, gone];
    const started = performance.now();
    await expect(connectRedisPrimary(members, { hosts: {} }, AbortSignal.timeout(500))).rejects.toMatchObject(
      { code: 'timeout' },
    );
    expect(performance.now() - started).toBeLessThan(5000);
    await expect(
      connectRedisPrimary([gone, gone], { hosts: {} }, AbortSignal.timeout(20_000)),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED / ECONNREFUSED' });
    silent.close();
  });
});
