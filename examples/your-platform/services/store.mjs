// A store: keeps items in memory.   node store.mjs HOST PORT
import { createServer } from 'node:http';

const [host, port] = process.argv.slice(2);
const items = new Set();

createServer((request, response) => {
  const item = /^\/items\/([\w-]+)$/.exec(request.url)?.[1];
  if (request.method === 'PUT' && item !== undefined) {
    items.add(item);
    response.writeHead(201).end();
  } else if (request.method === 'GET' && request.url === '/items') {
    response.end([...items].map((each) => `${each}\n`).join(''));
  } else {
    response.writeHead(404).end();
  }
}).listen(Number(port), host);
