import { type Platform, platform as platformFile } from '../../src/definition/platform.ts';

/** A service that says which container answered. */
const service = `
const http = require('node:http');
http.createServer((request, response) => response.end(require('node:os').hostname())).listen(8080);
console.log('service listens');
`;

export const nodeImage = { image: 'node:24-trixie-slim' };

export function platformOf(components: object, more: object = {}): Platform {
  return {
    ...platformFile.parse({ platform: 'test', environment: 'containers', components, ...more }),
    baseDir: process.cwd(),
  };
}

export const web = {
  container: nodeImage,
  command: ['node', '-e', service],
  port: 8080,
  ready: { http: '/' },
};

/** One HTTP service, in the role `front`. */
export function servicePlatform(): Platform {
  return platformOf({ web }, { roles: { front: 'web' } });
}

export const brokenReason = 'no configuration to start with';

/** Its only component writes its reason and ends. */
export function brokenPlatform(): Platform {
  const command = ['node', '-e', `console.error(${JSON.stringify(brokenReason)}); process.exit(3)`];
  return platformOf({ web: { ...web, command } });
}
