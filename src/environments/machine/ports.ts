import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { listProcesses, type ProcessInfo, titleOf } from './proc.ts';

/** Why an address could not be listened on: `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`, …; or the server that listens on it now. */
export type Listening = { readonly server: Server; readonly port: number } | { readonly code: string };

/** Listens on a port (0 = any free one) until the server is closed; never keeps this process alive. */
export function listenOn(host: string, port: number): Promise<Listening> {
  const server = createServer((socket) => socket.destroy()).unref();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? error.message }));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}

/** Null when the port is free at this moment, else the reason. */
export async function whyNotFree(host: string, port: number): Promise<string | null> {
  const listening = await listenOn(host, port);
  if ('code' in listening) return listening.code;
  await closed(listening.server);
  return null;
}

/** A port that nobody has at this moment. @throws when the address is none of this machine */
export async function freePort(host: string): Promise<number> {
  const listening = await listenOn(host, 0);
  if ('code' in listening) throw new Error(`no free port on ${host}: ${listening.code}`);
  await closed(listening.server);
  return listening.port;
}

export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The process that keeps others from listening on the port, where this machine tells: it listens there or on all addresses. */
export function ownerOf(host: string, port: number): ProcessInfo | null {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeners(table, host, port)));
  if (inodes.size === 0) return null;
  const owner = listProcesses().find(({ pid }) => socketsOf(pid).some((inode) => inodes.has(inode)));
  return owner === undefined ? null : { ...owner, title: titleOf(owner.pid) };
}

/** Lines of /proc/net/tcp: `sl local_address rem_address st … uid timeout inode`; addresses in hexadecimal, state 0A is LISTEN. */
function listeners(table: string, host: string, port: number): readonly string[] {
  const portHex = port.toString(16).toUpperCase().padStart(4, '0');
  const hostHex = host
    .split('.')
    .map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0'))
    .reverse()
    .join('');
  return attempt(() => readFileSync(`/proc/net/${table}`, 'utf8').split('\n'), [])
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => {
      const [address = '', localPort] = local.split(':');
      return state === '0A' && localPort === portHex && (/^0+$/.test(address) || address.endsWith(hostHex));
    })
    .flatMap((fields) => fields[9] ?? []);
}

function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  const targets = attempt(() => readdirSync(folder), []).map((fd) =>
    attempt(() => readlinkSync(`${folder}/${fd}`), ''),
  );
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

/** What cannot be read is gone in the meantime, another user's, or not there at all on this machine: whose port it is stays unsaid then. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
