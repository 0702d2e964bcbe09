import type { CommandResult } from './environment.ts';

/**
 * Containers that are no part of the platform, in its network: a load. They carry the run's labels, so that `down` removes
 * those that their owner did not.
 */
export interface OneShots {
  /** Resolves when it has started. @throws EnvironmentError when there is no such image, or it cannot be started */
  run(spec: OneShotSpec): Promise<StartedOneShot>;
}

export interface OneShotSpec {
  /** Unique in the run: for its container's name and its log. */
  readonly name: string;
  readonly image: string;
  /** Arguments of the image's own entry point. */
  readonly argv: readonly string[];
  readonly env: { readonly [name: string]: string };
  /** Absolute path in the container → text, there before it starts, for everybody to read. */
  readonly files: { readonly [path: string]: string };
  /** Absolute path in the container → folder of this machine, read-only. */
  readonly mounts: { readonly [path: string]: string };
}

export interface StartedOneShot {
  /** Its exit code, once it has ended; null where nobody can know it any more. Never rejects. */
  readonly ended: Promise<number | null>;
  /** What it has written so far, standard output and error; of a long log at least its last 64 KB. */
  logs(): Promise<string>;
  /** To its main process. One that has ended takes no notice. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** A text file of its file system, also after its end. @throws EnvironmentError when it is not there */
  read(path: string): Promise<string>;
  /** By force where it still runs. Idempotent. */
  remove(): Promise<void>;
}

/** Containers by the names of instances. Everything is seen by any process of drillbook that attaches to the run. */
export interface Containers {
  /** @throws EnvironmentError when the instance has no container (any more) */
  state(instance: string): Promise<ContainerState>;
  /** Cuts it off from the network of the platform or connects it again, sets limits. Idempotent. The network that measures stays. */
  change(instance: string, change: ContainerChange): Promise<void>;
  /**
   * Runs a program `inside` the instance's container, or `beside` it: as root in its network and process namespaces, from an
   * image with bash, iptables, ip, ps and kill, so that it works whatever the container has, and while that is paused.
   * Never throws for the program's own failure: that is the result.
   */
  run(instance: string, where: 'inside' | 'beside', program: ContainerProgram): Promise<CommandResult>;
}

export interface ContainerState {
  readonly status: 'running' | 'paused' | 'exited';
  /** When its main process started, RFC 3339; another one after each start. */
  readonly startedAt: string;
  /** Whether it is in the network of the platform. */
  readonly connected: boolean;
  /** In the network of the platform: the same for the whole run. */
  readonly address: string;
  /** 0 = no limit. */
  readonly memoryBytes: number;
  /** Processors; 0 = no limit. */
  readonly cpus: number;
}

export type ContainerChange =
  | { readonly connected: boolean }
  /** 0 = no limit; what is not named stays. */
  | { readonly memoryBytes?: number; readonly cpus?: number };

export interface ContainerProgram {
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  /** Only inside; default: the container's own. */
  readonly user?: string;
  /** Standard input; nothing of it is journaled. */
  readonly input?: string;
}
