import { type Platform, platform as platformFile } from '../../src/definition/platform.ts';

/** A service that says which process answered; `/fail` ends it as a crash would, `/env` shows and logs one variable. */
const service = `
const http = require('node:http');
const server = http.createServer((request, response) => {
  if (request.url === '/fail') process.exit(1);
  const url = new URL(request.url, 'http://service');
  const asked = url.pathname === '/env' ? String(process.env[url.searchParams.get('name')]) : process.env.DRILLBOOK_INSTANCE;
  if (url.pathname === '/env') console.log(asked);
  response.end(asked);
});
server.listen({ host: process.env.HOST, port: Number(process.env.PORT), reusePort: process.platform === 'linux' });
console.log('service listens');
`;

function platformOf(components: object, more: object = {}): Platform {
  return {
    ...platformFile.parse({ platform: 'test', environment: 'local', components, ...more }),
    baseDir: process.cwd(),
  };
}

export interface ServiceOptions {
  readonly port?: number;
  readonly env?: { readonly [name: string]: string };
  readonly restart?: 'never' | 'on-failure';
}

/** One HTTP service, in the role `front`. */
export function servicePlatform({ port, env, restart }: ServiceOptions = {}): Platform {
  const web = {
    command: [`\${node}`, '-e', service],
    ready: { http: '/' },
    ...(port !== undefined && { port }),
    ...(env !== undefined && { env }),
    ...(restart !== undefined && { restart }),
  };
  return platformOf({ web }, { roles: { front: 'web' } });
}

export const brokenReason = 'cannot read the configuration';

/** One service that starts well and one, after it, that ends at once. */
export function brokenPlatform(): Platform {
  const broken = {
    command: [`\${node}`, '-e', `console.error('${brokenReason}'); process.exit(7)`],
    ready: { http: '/' },
    after: ['web'],
  };
  return platformOf({ web: { command: [`\${node}`, '-e', service], ready: { http: '/' } }, broken });
}

export interface PairOptions {
  readonly synchronous?: boolean;
  readonly port?: number;
}

/** A primary and its replica, in the roles `database.primary` and `database.replica`. */
export function pairPlatform({ synchronous = false, port = 5432 }: PairOptions = {}): Platform {
  const postgresql = { members: ['db-primary', 'db-replica-1'], port, synchronous };
  return platformOf(
    { 'state-store': { postgresql, aliases: { 'db-replica': 'db-replica-1' } } },
    { roles: { 'database.primary': 'state-store.primary', 'database.replica': 'state-store.replica' } },
  );
}
