import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finished } from '../../fixtures/services/testing/processes.ts';
import {
  dnsPort,
  east,
  operatorKey,
  startRoute53,
  type TestRoute53,
  west,
  zoneId,
} from '../../fixtures/services/testing/route53.ts';
import { type AwsClient, installedClients, standInClient } from './aws-clients.ts';

const propagationMs = 1500;
const name = 'api.platform.example';
const installed = await installedClients();
if (installed.length === 0) {
  it.skip('the real aws client: none on the PATH that runs, so the stand-in is compared with nothing');
}

interface Change {
  readonly ChangeInfo: {
    readonly Id: string;
    readonly Status: string;
    readonly SubmittedAt: string;
    readonly Comment?: string;
  };
}

describe.each([standInClient, ...installed])('route53, called by $name', { timeout: 120_000 }, (client) => {
  let route53: TestRoute53;
  let folder: string;
  let batches = 0;

  beforeAll(async () => {
    route53 = await startRoute53({ propagationMs });
    folder = await mkdtemp(join(tmpdir(), 'route53-'));
  });

  afterAll(async () => {
    await route53?.process.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const call = (args: readonly string[], by: AwsClient = client): Promise<Finished> =>
    by.call(['route53', ...args, '--endpoint-url', route53.url], {
      ...operatorKey,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    });

  const answer = async (args: readonly string[], by?: AwsClient): Promise<unknown> => {
    const { stdout, stderr } = await call(args, by);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };

  async function batch(action: string, weights: { readonly [region: string]: number }, zone = zoneId) {
    const changes = Object.entries(weights).map(([region, Weight]) => ({
      Action: action,
      ResourceRecordSet: {
        ...{ Name: name, Type: 'A', SetIdentifier: region, Weight, TTL: 60 },
        ResourceRecords: [{ Value: region === 'us-east-1' ? east : west }],
      },
    }));
    const file = join(folder, `change-${++batches}.json`);
    await writeFile(file, JSON.stringify({ Comment: 'R & D <1>', Changes: changes }));
    return ['change-resource-record-sets', '--hosted-zone-id', zone, '--change-batch', `file://${file}`];
  }

  async function address(): Promise<string | undefined> {
    const resolver = new Resolver();
    resolver.setServers([`${route53.host}:${dnsPort}`]);
    return (await resolver.resolve4(name))[0];
  }

  it('shows zones and record sets, in the same words as the stand-in', async () => {
    const calls = [
      ['list-hosted-zones'],
      ['list-hosted-zones-by-name', '--dns-name', 'platform.example'],
      ['list-resource-record-sets', '--hosted-zone-id', zoneId],
    ];
    for (const args of calls) expect(await answer(args)).toEqual(await answer(args, standInClient));
    const { ResourceRecordSets: sets } = (await answer(calls[2] ?? [])) as { ResourceRecordSets: unknown[] };
    expect(sets.at(-1)).toEqual({
      ...{ Name: `${name}.`, Type: 'A', SetIdentifier: 'us-west-2', Weight: 50, TTL: 60 },
      ResourceRecords: [{ Value: west }],
    });
  });

  it('switches traffic: PENDING, then INSYNC, and only then served', async () => {
    // The first change makes sure that what is served before the second is known.
    const only = async (region: string, other: string) =>
      (await answer(await batch('UPSERT', { [region]: 100, [other]: 0 }))) as Change;
    const untilInSync = async ({ ChangeInfo: { Id } }: Change) => {
      for (;;) {
        const { ChangeInfo: info } = (await answer(['get-change', '--id', Id])) as Change;
        if (info.Status === 'INSYNC') return;
      }
    };
    await untilInSync(await only('us-east-1', 'us-west-2'));
    const switched = await only('us-west-2', 'us-east-1');
    expect(switched.ChangeInfo).toMatchObject({ Status: 'PENDING', Comment: 'R & D <1>' });
    // However late this looks: nobody was answered by the change before it had propagated.
    while ((await address()) === east) await sleep(20);
    expect(Date.now() - Date.parse(switched.ChangeInfo.SubmittedAt)).toBeGreaterThanOrEqual(
      propagationMs - 10,
    );
    await untilInSync(switched);
    expect(await address()).toBe(west);
    const waited = await call(['wait', 'resource-record-sets-changed', '--id', switched.ChangeInfo.Id]);
    expect([waited.exitCode, waited.stdout, waited.stderr]).toEqual([0, '', '']);
  });

  it('refuses what Route 53 refuses', async () => {
    for (const [args, code, sentence] of [
      [await batch('CREATE', { 'us-east-1': 1 }), 'InvalidChangeBatch', 'but it already exists'],
      [
        await batch('UPSERT', { 'us-east-1': 1 }, 'Z9'),
        'NoSuchHostedZone',
        'No hosted zone found with ID: Z9',
      ],
      [['get-change', '--id', 'C9'], 'NoSuchChange', 'Could not find resource with ID: C9'],
    ] as const) {
      const { exitCode, stdout, stderr } = await call(args);
      expect(client.refused).toContain(exitCode);
      expect([stdout, stderr]).toEqual([
        '',
        expect.stringMatching(`\\(${code}\\) when calling the \\w+ operation: .*${sentence}`),
      ]);
    }
  });

  it('does not send what is no change batch', async () => {
    const file = join(folder, 'broken.json');
    const change = [
      'change-resource-record-sets',
      '--hosted-zone-id',
      zoneId,
      '--change-batch',
      `file://${file}`,
    ];
    for (const [text, sentence] of [
      [null, 'Unable to load paramfile'],
      ['{', 'Invalid JSON'],
      [
        '{"Change":[],"Changes":[]}',
        'Unknown parameter in ChangeBatch: "Change", must be one of: Comment, Changes',
      ],
    ] as const) {
      if (text !== null) await writeFile(file, text);
      const { exitCode, stderr } = await call(change);
      // 252, and 255 by version 1.
      expect([252, 255]).toContain(exitCode);
      expect(stderr).toContain(sentence);
    }
  });
});
