/** Looks like a toxiproxy and passes connections on; says yes to every toxic, and adds none. Reads TOXIPROXY_CONFIG (JSON). */
import { createServer } from 'node:http';
import { connect, createServer as listen } from 'node:net';

const configured = JSON.parse(process.env.TOXIPROXY_CONFIG);
const proxies = Object.fromEntries(configured.map((proxy) => [proxy.name, { ...proxy, toxics: [] }]));

for (const { listen: at, upstream } of configured) {
  const [host, port] = upstream.split(':');
  listen((client) => {
    const server = connect({ host, port: Number(port) });
    const end = () => {
      client.destroy();
      server.destroy();
    };
    client.on('error', end).on('close', end);
    server.on('error', end).on('close', end);
    client.pipe(server).pipe(client);
  }).listen(Number(at.split(':')[1]), '0.0.0.0');
}

createServer(async (asked, answer) => {
  let body = '';
  for await (const chunk of asked) body += chunk;
  const [, , name] = asked.url.split('/');
  const found = name === undefined ? proxies : asked.method === 'POST' ? JSON.parse(body) : proxies[name];
  answer.setHeader('content-type', 'application/json').end(JSON.stringify(found));
}).listen(8474, '0.0.0.0');
