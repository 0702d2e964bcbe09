import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import DNS from 'dns2';
import type { DnsQuestion } from '../../src/clients/dns.ts';

const { Packet } = DNS;

/** What the server says to a name: addresses with a TTL, that there is no such name or no address, or nothing at all. */
export type DnsReply =
  | { readonly addresses: readonly string[]; readonly ttlSeconds: number }
  | 'NXDOMAIN'
  | 'no data'
  | 'SERVFAIL'
  | 'silence';

export interface TestDnsServer {
  /** The name asked of this server. */
  question(name: string): DnsQuestion;
  /** Names in the order they were asked for. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** A real DNS server over UDP, on a free port. */
export async function startDns(reply: (name: string) => DnsReply): Promise<TestDnsServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4', (message, { port, address }) => {
    const request = Packet.parse(message);
    const name = request.questions[0]?.name ?? '';
    asked.push(name);
    const answer = answerTo(request, reply(name));
    if (answer !== null) socket.send(answer.toBuffer(), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  return {
    question: (name) => ({ name, host: '127.0.0.1', port }),
    asked,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function answerTo(request: DNS.Packet, reply: DnsReply): DNS.Packet | null {
  if (reply === 'silence') return null;
  const response = Packet.createResponseFromRequest(request);
  if (reply === 'NXDOMAIN' || reply === 'SERVFAIL') response.header.rcode = Packet.RCODE[reply];
  else if (reply !== 'no data') {
    const { addresses, ttlSeconds } = reply;
    const name = request.questions[0]?.name ?? '';
    response.answers = addresses.map((address) =>
      Object.assign(new Packet.Resource(name, Packet.TYPE.A, Packet.CLASS.IN, ttlSeconds), { address }),
    );
  }
  return response;
}
