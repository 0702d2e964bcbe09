// The guestbook: keeps its entries in Redis.
import { createServer } from 'node:http';
import { ask } from './redis.mjs';

const { REDIS_HOST = 'localhost', REDIS_PASSWORD = '' } = process.env;
let primary = REDIS_HOST;

const redis = (host, ...words) => ask(host, REDIS_PASSWORD, ...words);

/** What is read from or written to a server that follows another one is lost sooner or later. */
async function requirePrimary(host) {
  const [role] = await redis(host, 'ROLE');
  if (role !== 'master') throw new Error(`${host} is a ${role}`);
  return `entries are in ${host}\n`;
}

async function answer(method, path) {
  const [, thing, name] = path.split('/');
  if (method === 'PUT' && thing === 'entries' && /^[\w-]+$/.test(name)) {
    await redis(primary, 'SADD', 'entries', name);
    return 'written\n';
  }
  if (method !== 'GET' && method !== 'POST') return null;
  if (path === '/entries')
    return (await redis(primary, 'SMEMBERS', 'entries')).map((each) => `${each}\n`).join('');
  if (path === '/health') return requirePrimary(primary);
  if (method !== 'POST' || thing !== 'primary' || !/^[\w-]+$/.test(name)) return null;
  const text = await requirePrimary(name);
  primary = name;
  return text;
}

const server = createServer(async (request, response) => {
  try {
    const text = await answer(request.method, request.url);
    response.writeHead(text === null ? 404 : 200).end(text ?? 'no such thing\n');
  } catch (error) {
    response.writeHead(503).end(`${error.message}\n`);
  }
});
server.listen(8080);
process.once('SIGTERM', () => server.close(() => process.exit()));
