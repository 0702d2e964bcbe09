import { join } from 'node:path';
import { type Platform, platform as platformFile } from '../../src/definition/platform.ts';

const image = 'node:24-trixie-slim';

/** A service that says which pod answered. */
const service = `
const http = require('node:http');
http.createServer((request, response) => response.end(require('node:os').hostname())).listen(8080);
console.log('service listens');
`;

export function platformOf(components: object, more: object = {}): Platform {
  return {
    ...platformFile.parse({ platform: 'test', environment: 'kind', components, ...more }),
    baseDir: join(import.meta.dirname, 'platform'),
  };
}

/** A Deployment `web` of one program, and a service for it at port 30080 of every node. */
export function webObjects(program: string): readonly object[] {
  const labels = { app: 'web' };
  const container = {
    name: 'web',
    image,
    command: ['node', '-e', program],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 1, containers: [container] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { type: 'NodePort', selector: labels, ports: [{ port: 8080, nodePort: 30080 }] },
    },
  ];
}

export function smallCluster(objects: readonly object[]): object {
  return {
    kubernetes: { config: 'kind.yaml', images: { [image]: { image } }, objects },
    nodes: ['small-cluster-control-plane'],
  };
}

const web = { workload: 'deployment', port: 8080, 'node-ports': { '8080': 30080 } };

/** One HTTP service in a cluster of one node, in the role `front`. */
export function servicePlatform(): Platform {
  return platformOf(
    { 'small-cluster': smallCluster(webObjects(service)), web },
    { roles: { front: 'web' }, tools: { kubectl: 'system' } },
  );
}

export const brokenReason = 'no configuration to start with';

/** Its only workload writes its reason and ends. */
export function brokenPlatform(): Platform {
  const program = `console.error(${JSON.stringify(brokenReason)}); process.exit(3)`;
  return platformOf({ 'small-cluster': smallCluster(webObjects(program)), web: { ...web, within: '25s' } });
}
