/** What the platform's own tools may see and change of a component. Each environment has its own way to do it. */
export interface Controlled<Component extends ControlledComponent = ControlledComponent> {
  readonly components: readonly Component[];
  readonly mostReplicas: number;
  describe(component: Component): Promise<Description>;
  /** Returns once new instances were started. @throws ControlRefusal for one that has no replicas */
  scale(component: Component, replicas: number): Promise<void>;
  /** The last lines of each of its instances' logs, without secrets. */
  log(component: Component, tail: number): Promise<string>;
  /** The limit of its memory in MB now; null = none. */
  memory(component: Component): Promise<number | null>;
  /** Its instances are restarted with it, one after the other. @throws ControlRefusal */
  limitMemory(component: Component, megabytes: number): Promise<void>;
  /** Its instances, one after the other. @throws EnvironmentError when one does not come back */
  restart(component: Component): Promise<void>;
  /** Ends all of it, throws away what it kept, and starts it. @throws ControlRefusal; EnvironmentError when one does not come back */
  rebuild(component: Component): Promise<void>;
}

export interface ControlledComponent {
  readonly component: string;
  /** The name that runbooks use. */
  readonly host: string;
}

export interface Description {
  readonly component: string;
  readonly replicas: number;
  readonly instances: readonly {
    readonly instance: string;
    /** Null while it does not run. */
    readonly pid: number | null;
    readonly held: boolean;
  }[];
}

/** What a component is not made for. Whoever asked is told why. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal';
}
