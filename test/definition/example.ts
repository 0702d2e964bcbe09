import { posix } from 'node:path';
import type { FileContent } from '../../src/definition/decode.ts';
import { type DefinitionError, formatDefinitionError } from '../../src/definition/definition-error.ts';
import { type PlanOptions, planByName } from '../../src/definition/load-drill.ts';
import { loadProject } from '../../src/definition/load-project.ts';
import type { ProjectFiles } from '../../src/definition/project-files.ts';

export type Texts = { readonly [path: string]: string | FileContent };

export const platform = `platform: shop
environment: local
components:
  store:
    postgresql:
      members: [db-1, db-2]
    aliases: { db: db-1 }
  api:
    command: \${node} api.js --store \${db-1}:\${db-1.port}
    port: 8000
    env: { PASSWORD: "\${store.password}" }
    ready: { http: /ready }
    after: [store]
roles:
  database: store.primary
  api: api
probes:
  api-ready: { kind: http, role: api, path: /ready }
  lag: { kind: exec, command: lag }
ledgers:
  orders: { kind: postgres, role: database }
tools:
  psql: { env: { PGUSER: "\${store.user}" } }
`;

export const scenario = `scenario: store-loss
title: The store is gone
faults:
  lagging: { fault: pause, target: database }
  killed: { fault: kill, target: database, restart: held }
symptoms:
  - { when: { probe: api-ready, is: failing } }
detection:
  - { after: killed, when: { probe: lag, above: 3 }, within: 5s }
`;

export const drill = `drill: store-loss
title: Promote the replica
scenario: store-loss
platform: shop
runbook: store.md
recovered: { probes: [api-ready], hold: 2s }
stages:
  - inject: lagging
    only: [late]
  - inject: killed
  - procedure: promote
    section: Promote
    steps:
      - command: dbctl promote
        bind: { node-id: db-2 }
        correction: { command: dbctl promote --force, reason: it needs force }
      - manual: { phase: 2, step: 1 }
        perform: tell everybody
        people: 2m
    leave-out:
      - { command: dbctl drop, reason: there is nothing to drop }
  - until: recovered
    within: 30s
  - heal: killed
  - rejoin: db-1
objectives:
  rto: { from: killed, until: recovered, target: 1m }
  rpo: { ledger: orders, lost-at-most: 5s }
  up: { probe: api-ready, availability-at-least: 0.9 }
variants:
  late: {}
  strict:
    objectives: { rto: { target: 10s } }
    adjust: { components: { store: { postgresql: { synchronous: true } } } }
`;

export const runbook = `# Store runbook

## 1. Promote

\`\`\`
1. LOOK (0-2 minutes)
   □ Check the store

2. ACT (2-10 minutes)
   □ Tell the others
   □ Promote:
     $ dbctl promote --node <node-id> --region eu
     $ dbctl drop --node old
\`\`\`

## 2. Rollback

\`\`\`bash
dbctl rollback
\`\`\`
`;

/** A small project that is right in everything. */
export const project: Texts = {
  'drills/store-loss.yaml': drill,
  'scenarios/store-loss.yaml': scenario,
  'platforms/shop.yaml': platform,
  'runbooks/store.md': runbook,
};

export function memoryFiles(texts: Texts): ProjectFiles {
  const at = (path: string) => posix.normalize(path).replace(/^\/project\//, '');
  return {
    read: async (path) => {
      const found = texts[at(path)];
      if (found === undefined) return { kind: 'missing' };
      return typeof found === 'string' ? { kind: 'bytes', bytes: new TextEncoder().encode(found) } : found;
    },
    list: async (folder) => {
      const inside = Object.keys(texts).filter((path) => posix.dirname(path) === at(folder));
      return inside.length === 0 ? null : inside.map((path) => posix.basename(path)).sort();
    },
    absolute: (path) => posix.join('/project', path),
    label: (path) => at(path),
  };
}

export const options: PlanOptions = { today: '2026-01-01', asWritten: false, interactive: false };

/** The project with one text replaced by another in one of its files. @throws when the text is not there once */
export function changed(path: string, from: string, to: string, texts: Texts = project): Texts {
  const text = texts[path];
  if (typeof text !== 'string' || text.split(from).length !== 2)
    throw new Error(`${path} does not have once: ${from}`);
  return { ...texts, [path]: text.replace(from, () => to) };
}

export async function loaded(texts: Texts) {
  const result = await loadProject(memoryFiles(texts));
  if ('errors' in result) throw new Error(formatted(result.errors).join('\n'));
  return result.project;
}

export async function plansOf(texts: Texts, more: Partial<PlanOptions> = {}, name = 'store-loss') {
  const result = await planByName(await loaded(texts), name, { ...options, ...more });
  if ('errors' in result) throw new Error(formatted(result.errors).join('\n'));
  return result.plans;
}

export async function errorsOf(
  texts: Texts,
  name = 'store-loss',
  more: Partial<PlanOptions> = {},
): Promise<readonly string[]> {
  const result = await planByName(await loaded(texts), name, { ...options, ...more });
  return 'errors' in result ? formatted(result.errors) : [];
}

export function formatted(errors: readonly DefinitionError[]): readonly string[] {
  return errors.map(formatDefinitionError);
}
