import { createHmac, randomBytes } from 'node:crypto';

/** Everything secret of a run is derived from one random seed, so that another process needs to read only that. */
export interface Secrets {
  /** The same name gives the same secret for the whole run, and another one in every other run. */
  secret(name: string): string;
}

/** 256 random bits as text. */
export function newSeed(): string {
  return randomBytes(32).toString('base64url');
}

export function secretsOf(seed: string): Secrets {
  return {
    // Letters and digits only: a secret must survive connection strings, shells and configuration files unquoted.
    secret: (name) => createHmac('sha256', seed).update(name).digest('hex').slice(0, 32),
  };
}
