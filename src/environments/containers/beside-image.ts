import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { archive } from './archive.ts';
import { follow, hasImage } from './images.ts';

/** What runs beside a component's container: tools for networks and processes, and nothing else. */
const dockerfile = `FROM debian:trixie-slim
RUN apt-get update && \\
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends iptables iproute2 procps && \\
    rm -rf /var/lib/apt/lists/*
`;

const building = new Map<Dockerode, Promise<string>>();

/** Name of the image, built where the engine does not have it. @throws EnvironmentError with the engine's last lines */
export function besideImage(docker: Dockerode): Promise<string> {
  const known = building.get(docker) ?? make(docker);
  building.set(docker, known);
  known.catch(() => building.delete(docker));
  return known;
}

async function make(docker: Dockerode): Promise<string> {
  const hash = createHash('sha256').update(dockerfile).digest('hex').slice(0, 16);
  const name = `drillbook/beside:${hash}`;
  if (await hasImage(docker, name)) return name;
  const context = await archive([{ path: 'Dockerfile', content: dockerfile, mode: 0o644 }]);
  const stream = await docker.buildImage(Readable.from([context]), { t: name, rm: true, forcerm: true });
  await follow(docker, stream, 'the image of the tools that faults need could not be built');
  return name;
}
