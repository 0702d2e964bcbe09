// A shop: takes orders, keeps them in a file, lists them. Several of it may share one address (SO_REUSEPORT).
import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';

const { HOST = '127.0.0.1', PORT = '7000', DATA = '.', ON_RESTART = 'keep', FLAP = 'no' } = process.env;
const file = join(DATA, 'orders');
const restarted = existsSync(file);

// The sabotage: a shop that comes back without the last orders that it had acknowledged.
if (restarted && ON_RESTART === 'drop') {
  const orders = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${orders.slice(0, -5).join('\n')}\n`);
}
const orders = openSync(file, 'a');

// The sabotage: a shop that comes back and is down again for half of every 400 ms.
const flaps = restarted && FLAP === 'yes';
const healthy = () => !flaps || Math.floor(performance.now() / 200) % 2 === 0;

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}

const server = createServer((request, response) => {
  const { method, url = '/' } = request;
  if (!healthy()) return answer(response, 503, 'down\n');
  if (url === '/health') return answer(response, 200, 'ok\n');
  if (method === 'POST' && url.startsWith('/orders/')) {
    appendFileSync(orders, `${url.slice('/orders/'.length)}\n`);
    fsyncSync(orders);
    return answer(response, 201, 'taken\n');
  }
  if (url === '/orders') return answer(response, 200, readFileSync(file, 'utf8'));
  return answer(response, 404, 'not found\n');
});

server.listen({ host: HOST, port: Number(PORT), reusePort: true });
process.on('SIGTERM', () => process.exit(0));
