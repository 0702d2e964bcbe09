import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type ExistingCluster, platformIn } from './existing-cluster.ts';

/** A project with one drill: the web is held down, and the operator scales it up again. */
export async function projectIn(cluster: ExistingCluster) {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-project-'));
  const { baseDir: _, ...platform } = platformIn(cluster, { web: { workload: 'deployment', port: 8080 } });
  const files = {
    'drillbook.yaml': '{}\n',
    'platforms/staging.yaml': stringify({
      ...platform,
      tools: { kubectl: 'system' },
      probes: { web: { kind: 'http', role: 'web', path: '/' } },
    }),
    'scenarios/web-gone.yaml': `scenario: web-gone
title: The web is gone
faults: { web-gone: { fault: kill, target: web, restart: held } }
symptoms: [{ when: { probe: web, is: failing }, within: 20s }]
`,
    'runbooks/web.md': `# Web recovery

**Last Updated**: 2026-10-01
**Next Review Date**: 2027-06-30
**Runbook Owner**: Web team

## 1. The web is gone

### Actions

\`\`\`bash
# Bring it up
kubectl scale deployment web --replicas=1
kubectl rollout status deployment web
\`\`\`
`,
    'drills/web-gone.yaml': `drill: web-gone
title: Scale the web up again
scenario: web-gone
platform: staging
runbook: web.md
steady: { window: 1s, within: 20s }
recovered: { probes: [web], hold: 1s }
settle: { window: 1s }
stages:
  - inject: web-gone
  - procedure: scale-up
    section: 1. The web is gone > Actions
    steps:
      - { command: kubectl scale deployment web, timeout: 20s }
      - { command: kubectl rollout status deployment web, timeout: 60s }
  - { until: recovered, within: 60s }
  - heal: all
objectives:
  rto: { from: web-gone, until: recovered, target: 2m }
`,
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
