import type { EnvironmentName, Platform } from '../definition/platform.ts';
import type { MarkEvent } from '../timeline/events.ts';
import type { Containers, OneShots } from './only-containers.ts';
import type { Kubernetes } from './only-kubernetes.ts';

export type * from './only-containers.ts';
export type * from './only-kubernetes.ts';

/**
 * Where a platform runs. One conformance suite (`test/conformance/environment.ts`) holds for every implementation.
 */
export interface Environment {
  readonly name: EnvironmentName;
  /**
   * What keeps this platform from running here; none = it can. Changes nothing.
   * @param notes also tells what is worth knowing and keeps nothing from running, which takes longer to find out
   */
  check(platform: Platform, notes?: 'with-notes'): Promise<readonly Problem[]>;
  /**
   * Creates the platform and waits until every component is ready.
   * Emits its `environment` record, synced, before it creates anything.
   * @throws EnvironmentError with the last lines of a component's log when one does not start; what was started by then is taken down by `down(record)`
   */
  up(platform: Platform, site: RunSite): Promise<Running>;
  /** The same platform from another process, or after a crash, from the journaled record. */
  attach(record: EnvironmentRecord): Promise<Running>;
  /**
   * Removes everything the record names. Idempotent. Returns what could not be removed, in words.
   * @throws EnvironmentError when it cannot be done or seen at all now: what is left nobody knows, and another attempt may do it
   */
  down(record: EnvironmentRecord): Promise<readonly string[]>;
}

/** What a run gives its environment. */
export interface RunSite {
  readonly runId: string;
  /** The run's output folder; logs of components are copied to `logs/` in it before they vanish. */
  readonly reportDir: string;
  /** Keep clusters between runs under this name, where the environment has any; not there: they end with the run. */
  readonly reuse?: string;
  /** Once it is aborted, `up` may end early with an error: somebody wants the run to end. */
  readonly abort?: AbortSignal;
  /** Contexts of existing clusters that the command line confirms, by exact name. */
  readonly confirmed?: readonly string[];
  /** Journals a mark; resolves when it is durable where the type is synced. */
  emit(event: Unstamped<MarkEvent>): Promise<void>;
}

/** An event before the journal stamps its time. */
export type Unstamped<T> = T extends unknown ? Omit<T, 'atNs'> : never;

/** Plain JSON without secrets; enough for `attach` and `down`. */
export interface EnvironmentRecord {
  readonly environment: EnvironmentName;
  readonly runId: string;
  /** The folder everything of this run lives in; removed by `down`. */
  readonly runDir: string;
  /** What else the implementation needs, JSON. */
  readonly details: { readonly [key: string]: string | number | boolean | null };
}

export interface Running {
  readonly record: EnvironmentRecord;
  /** The platform's host names → addresses, as clients outside the toolbox must resolve them. */
  readonly hosts: { readonly [name: string]: string };
  /** Addresses by which clients in the platform know its instances → where drillbook reaches the same; not there: they are the same. */
  readonly reached?: { readonly [address: string]: string };
  /** The CA (PEM) that signed the certificates of the platform; not there: it has none, so that nothing of it speaks TLS. */
  readonly authority?: string;
  /** How a program is started inside the toolbox, for `exec` probes. */
  readonly toolbox: {
    readonly argv: readonly string[];
    readonly env: { readonly [name: string]: string };
    readonly cwd: string;
  };
  /** Fills `${…}` in a text of the platform file, as in a component's env. The result may have secrets. @throws EnvironmentError for a name that means nothing */
  fill(text: string): string;
  /** Which instance a role (or a component, or an instance by name) means at this moment. */
  address(role: string): Promise<Address>;
  /** Runs a command in the toolbox. Never throws for a command's own failure: that is the result. */
  exec(command: string, options: ExecOptions): Promise<CommandResult>;
  /** Signals processes, or only lists them with `signal: null`. Returns those that matched *before* the signal. */
  signal(target: SignalTarget, signal: NodeJS.Signals | null): Promise<readonly ProcessState[]>;
  /** What only an environment of containers can do; not there: it runs none. */
  readonly containers?: Containers;
  /** Clusters that the platform runs in; not there: it has none. */
  readonly kubernetes?: Kubernetes;
  /** Runs programs in containers beside the platform, such as a load; not there: this environment has no containers. */
  readonly oneShots?: OneShots;
  /** See StartMode. Idempotent: starting what runs does nothing. */
  start(instance: string, mode: StartMode): Promise<void>;
}

export interface Address {
  readonly role: string;
  readonly component: string;
  readonly instance: string;
  /** The name that runbooks use for it, e.g. `db-primary`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Connection parameters of a database; the password is in memory only, never journaled. */
  readonly database?: DatabaseLogin;
  /** Its further published ports: as documented → where drillbook reaches them on `host`. */
  readonly ports?: { readonly [documented: number]: number };
  /**
   * Of a component whose replicas have addresses of their own: all that it can have. They share its name, and a client that
   * finds nobody at one asks the next.
   */
  readonly replicas?: readonly {
    readonly host: string;
    readonly port: number;
    readonly ports: { readonly [documented: number]: number };
  }[];
  /** How a Redis server is spoken to. In memory only, never journaled. */
  readonly redis?: RedisLogin;
  /** How a database's administrator gets in, by a way that no fault of the network closes. In memory only, never journaled. */
  readonly administrator?: AdministratorLogin;
  /** Why the role resolved to this instance, for the journal. */
  readonly why: string;
}

export interface DatabaseLogin {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Every member of the cluster, as an application with a multi-host connection string knows it. */
  readonly members: readonly { readonly instance: string; readonly host: string; readonly port: number }[];
  /** The role means whichever member takes writes: a client that keeps asking must follow it when it moves. */
  readonly followsPrimary: boolean;
}

export interface RedisLogin {
  readonly password?: string;
  /** Every member, as a client knows them that looks for the primary. */
  readonly members: readonly { readonly instance: string; readonly host: string; readonly port: number }[];
  /** The role means whichever member takes writes. */
  readonly followsPrimary: boolean;
}

export interface AdministratorLogin {
  /** An address, or a folder with the server's Unix socket (it starts with "/"). */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The database that applications use. */
  readonly database: string;
}

export interface ExecOptions {
  /** Commands with the same session share one shell: `cd` and variables carry over. */
  readonly session: string;
  readonly timeoutMs: number;
  readonly abort?: AbortSignal;
  /** Role, component or instance in which it runs; default the toolbox. */
  readonly on?: string;
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly durationNs: number;
  /** Redacted and bounded. */
  readonly stdout: string;
  readonly stderr: string;
  readonly truncatedBytes: number;
  /** Names of programs the command called that are stand-ins. */
  readonly standIns: readonly string[];
  /** Set when the command was not run at all, and why (a program that is not here, an address that cannot be contained). */
  readonly notRun?: { readonly why: 'tool-missing' | 'not-contained'; readonly reason: string };
}

export interface SignalTarget {
  /** Role, component or instance. */
  readonly target: string;
  /** `component`: every process of it at once. `leader`: only its main process. `match`: those whose title contains the text. */
  readonly scope: 'component' | 'leader' | { readonly match: string };
  /** After the signal, nobody (supervisor, platform) may start it until released. Only with a signal that ends it. */
  readonly hold?: boolean;
  /** Lifts a hold. */
  readonly release?: boolean;
}

export interface ProcessState {
  readonly pid: number;
  readonly pidStart: string;
  readonly instance: string;
  readonly title: string;
  readonly state: 'running' | 'stopped';
}

/**
 * `normal`: as the platform file says; of a component with `replicas: 0` that instance, which is then waited for. `isolated`: reachable by drillbook alone (to read evidence), never by clients.
 * `rejoin`: a superseded instance comes back in its new part, e.g. a former primary as a standby of the new one.
 * `returned`: a superseded database is back at its own address as it was left, for clients to read; it is no member of its cluster and can take no write.
 * `stop`: ends an isolated instance, or all of a process component: in order, by force where that takes too long, and held from then on.
 */
export type StartMode = 'normal' | 'isolated' | 'returned' | 'rejoin' | 'stop';

/** Something that keeps a platform from running here. */
export interface Problem {
  readonly what: string;
  /** What to do about it. */
  readonly todo: string;
  /** Keeps nothing from running: something to know of this machine, such as a client that a stand-in replaces. */
  readonly note?: true;
}

export class EnvironmentError extends Error {
  override readonly name: string = 'EnvironmentError';
}

/** `start(instance, 'normal')` refused: another instance has taken its part, and starting it would make two of them. */
export class SupersededError extends EnvironmentError {
  override readonly name = 'SupersededError';
}

/** What is there already would be broken, and nobody has allowed that: nothing was touched. */
export class TargetRefusedError extends EnvironmentError {
  override readonly name = 'TargetRefusedError';
}
