import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  administrator,
  login,
  type PostgresPair,
  startPostgresPair,
} from '../../fixtures/services/testing/postgres-pair.ts';
import {
  type Finished,
  loopbackAddress,
  type Started,
  startService,
  untilHttp,
} from '../../fixtures/services/testing/processes.ts';
import { type AwsClient, standInClient } from './aws-clients.ts';

export const key = { AWS_ACCESS_KEY_ID: 'operator', AWS_SECRET_ACCESS_KEY: 'operator-secret' };

/** A pair of databases with the API in front of them, and no configuration of the machine's own user. */
export class RdsCloud {
  readonly pair: PostgresPair;
  readonly base: string;
  readonly env: Record<string, string>;
  readonly #api: Started;
  readonly #folder: string;

  private constructor(pair: PostgresPair, api: Started, base: string, folder: string) {
    this.pair = pair;
    this.base = base;
    this.#api = api;
    this.#folder = folder;
    this.env = {
      ...key,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    };
  }

  static async start(
    instances = [`db-primary:${login.port}`, `db-replica-1:${login.port}`],
  ): Promise<RdsCloud> {
    const pair = await startPostgresPair();
    const HOST = loopbackAddress();
    const api = startService('cloud/main.ts', {
      PROVIDER: 'aws',
      REGIONS: 'us-east-1,us-west-2',
      ROOT_KEY: `${key.AWS_ACCESS_KEY_ID}:${key.AWS_SECRET_ACCESS_KEY}`,
      HOST,
      PORT: '4566',
      DRILLBOOK_HOSTS: JSON.stringify(pair.hosts),
      RDS_INSTANCES: instances.join(','),
      RDS_DATABASE: administrator.database,
      RDS_ADMIN_USER: administrator.user,
      RDS_ADMIN_PASSWORD: administrator.password,
    });
    const cloud = new RdsCloud(pair, api, `http://${HOST}:4566`, await mkdtemp(join(tmpdir(), 'aws-')));
    try {
      await untilHttp(`${cloud.base}/health`);
    } catch (error) {
      await cloud.stop();
      throw new Error(`the cloud does not start: ${api.output()}`, { cause: error });
    }
    return cloud;
  }

  rds(client: AwsClient, args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
    return client.call(['rds', ...args, '--endpoint-url', this.base], { ...this.env, ...env });
  }

  /** Status, by the API's word. */
  async status(identifier: string): Promise<string> {
    const { stdout } = await this.rds(standInClient, [
      'describe-db-instances',
      '--db-instance-identifier',
      identifier,
    ]);
    return (JSON.parse(stdout) as { DBInstances: [{ DBInstanceStatus: string }] }).DBInstances[0]
      .DBInstanceStatus;
  }

  /** A file that the client reads at `AWS_CONFIG_FILE` or `AWS_SHARED_CREDENTIALS_FILE`. */
  async configure(file: 'config' | 'credentials', text: string): Promise<void> {
    await writeFile(join(this.#folder, file), text);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#api.stop(), this.pair.stop()]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
