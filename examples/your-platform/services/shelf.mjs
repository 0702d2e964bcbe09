// The shelf: keeps items in the active store and a copy in every other.   node shelf.mjs HOST PORT NAME=URL NAME=URL…
import { createServer } from 'node:http';

const [host, port, ...pairs] = process.argv.slice(2);
const stores = new Map(pairs.map((pair) => pair.split('=')));
let [active] = stores.keys();

async function ask(store, path, method = 'GET') {
  const answer = await fetch(stores.get(store) + path, { method, signal: AbortSignal.timeout(400) });
  if (!answer.ok) throw new Error(`${store} answered ${answer.status}`);
  return answer.text();
}

/** A copy that fails does not stop the shelf: a lost store would take both down. */
async function put(path) {
  const copies = [...stores.keys()]
    .filter((store) => store !== active)
    .map((store) => ask(store, path, 'PUT'));
  await Promise.all([ask(active, path, 'PUT'), Promise.allSettled(copies)]);
}

async function answer(method, path) {
  if (method === 'PUT' && path.startsWith('/items/')) return put(path).then(() => 'stored\n');
  if (method === 'GET' && path === '/items') return ask(active, '/items');
  if (method === 'GET' && path === '/health')
    return ask(active, '/items').then(() => `active store: ${active}\n`);
  const next = /^\/active\/([\w-]+)$/.exec(path)?.[1];
  if (method !== 'POST' || !stores.has(next)) return null;
  await ask(next, '/items');
  active = next;
  return `active store: ${active}\n`;
}

createServer(async (request, response) => {
  try {
    const text = await answer(request.method, request.url);
    response.writeHead(text === null ? 404 : 200).end(text ?? 'no such thing\n');
  } catch (error) {
    response.writeHead(503).end(`${error.cause?.message ?? error.message}\n`);
  }
}).listen(Number(port), host);
