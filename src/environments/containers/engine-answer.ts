import { request } from 'node:http';

const defaultHost = 'unix:///var/run/docker.sock';
/** An engine answers a ping within milliseconds, a busy one within a second. */
const answerWithinMs = 3000;

export interface NoAnswer {
  /** The system's, or `no-answer`: something listens and says nothing, or not what Docker says. */
  readonly code: string;
  /** A sentence: what is wrong, and what to do. */
  readonly why: string;
}

/**
 * Why the engine there gives no sign of life; null when it does. A socket's file proves nothing: it stays when its engine is
 * gone, and may not be ours to use. Hosts that need more than a plain connection (TLS, SSH) are not asked: null.
 * @param host as DOCKER_HOST has it; default: Docker's usual socket
 */
export async function whyNoAnswer(
  host: string = defaultHost,
  withinMs = answerWithinMs,
): Promise<NoAnswer | null> {
  const where = endpointOf(host);
  if (where === 'unreadable')
    return {
      code: 'unreadable',
      why: `DOCKER_HOST says ${host}, which is no address; write unix:///path or tcp://host:port, or unset it`,
    };
  if (where === 'not-plain') return null;
  const code = await ping(where, withinMs);
  if (code === null) return null;
  return { code, why: 'socketPath' in where ? whyOfSocket(where.socketPath, code) : whyOfHost(host, code) };
}

type Endpoint = { readonly socketPath: string } | { readonly host: string; readonly port: number };

function endpointOf(host: string): Endpoint | 'unreadable' | 'not-plain' {
  if (!URL.canParse(host)) return 'unreadable';
  const { protocol, pathname, hostname, port } = new URL(host);
  if (protocol === 'unix:') return { socketPath: decodeURIComponent(pathname) };
  if (protocol !== 'tcp:' && protocol !== 'http:') return 'not-plain';
  if (process.env.DOCKER_TLS_VERIFY !== undefined || port === '2376') return 'not-plain';
  return { host: hostname, port: Number(port || 2375) };
}

function ping(where: Endpoint, withinMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request({ ...where, path: '/_ping', signal: AbortSignal.timeout(withinMs) }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? null : 'no-answer');
    });
    // What comes after the answer changes nothing; an abort has no code of the system.
    asked.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== undefined && /^E[A-Z]+$/.test(code) ? code : 'no-answer'),
    );
    asked.end();
  });
}

function whyOfHost(host: string, code: string): string {
  const how = code === 'no-answer' ? 'something is there and does not answer as Docker does' : code;
  return `DOCKER_HOST says ${host} (${how}); start the engine there, or unset DOCKER_HOST`;
}

function whyOfSocket(socket: string, code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `you have no permission for its socket ${socket}; join the group that has (usually "docker"), or run drillbook as a user who may`;
    case 'ENOENT':
      return `there is no socket ${socket}; install and start Docker (Engine or Desktop), or set DOCKER_HOST to where yours listens`;
    case 'no-answer':
      return `something listens at ${socket} and does not answer as Docker does; see "docker info", and start Docker again if that hangs too`;
    default:
      return `${socket}: ${code}; start Docker`;
  }
}
