import { rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A way to this machine's engine that can be cut, without touching the engine. */
export interface EngineProxy extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** From now on nobody answers there, and whoever was connected is not any more. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** @param socket a path that is free */
export async function startEngineProxy(socket: string): Promise<EngineProxy> {
  const real = new URL(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock');
  const engine = () =>
    real.protocol === 'unix:' ? connect(real.pathname) : connect(Number(real.port || 2375), real.hostname);
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = engine();
    for (const each of [client, upstream]) {
      open.add(each);
      each.once('close', () => open.delete(each));
    }
    // Either side may go away at any time: the other one then does, too.
    pipeline(client, upstream, () => undefined);
    pipeline(upstream, client, () => undefined);
  });
  const mend = () => new Promise<void>((done) => server.listen(socket, done));
  const cut = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const each of open) each.destroy();
    await closed;
    await rm(socket, { force: true });
  };
  await mend();
  return { host: `unix://${socket}`, cut, mend, [Symbol.asyncDispose]: cut };
}
