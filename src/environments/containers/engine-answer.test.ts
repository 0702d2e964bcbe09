import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyNoAnswer } from './engine-answer.ts';

let folder: string;
const servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-engine-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  const socket = join(folder, 'engine.sock');
  await new Promise<void>((done) => server.listen(socket, done));
  return `unix://${socket}`;
}

describe('why no engine answers', () => {
  it('nothing, when its ping is answered', async () => {
    const host = await listening(createHttpServer((_, answer) => answer.end('OK')));
    expect(await whyNoAnswer(host)).toBeNull();
  });

  it('there is no socket', async () => {
    expect(await whyNoAnswer(`unix://${folder}/none.sock`)).toMatchObject({
      code: 'ENOENT',
      why: expect.stringMatching(/there is no socket .*none\.sock; install and start Docker/),
    });
  });

  it('the socket is a file that an engine left', async () => {
    await writeFile(join(folder, 'left.sock'), '');
    expect(await whyNoAnswer(`unix://${folder}/left.sock`)).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('something accepts and never answers', async () => {
    const host = await listening(createServer((socket) => socket.on('error', () => socket.destroy())));
    expect(await whyNoAnswer(host, 100)).toMatchObject({
      code: 'no-answer',
      why: expect.stringContaining('does not answer as Docker does'),
    });
  });

  it('something else answers', async () => {
    const host = await listening(createHttpServer((_, answer) => answer.writeHead(404).end()));
    expect(await whyNoAnswer(host)).toMatchObject({ code: 'no-answer' });
  });

  it('nobody listens at the address that DOCKER_HOST says, or it is none', async () => {
    expect(await whyNoAnswer('tcp://127.0.0.1:9')).toMatchObject({
      why: 'DOCKER_HOST says tcp://127.0.0.1:9 (ECONNREFUSED); start the engine there, or unset DOCKER_HOST',
    });
    expect(await whyNoAnswer('/run/docker.sock')).toMatchObject({ code: 'unreadable' });
  });
});
