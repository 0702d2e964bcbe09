import { nearest } from '../../definition/nearest.ts';
import { isReplicated } from '../../definition/platform-names.ts';
import { type Address, EnvironmentError } from '../environment.ts';
import type { ComponentLayout, InstanceLayout } from './layout.ts';
import { type Answer, askMembers, publishedPort } from './members.ts';
import { type ContainersRun, inspect, wantedInstances } from './run.ts';
import { databaseAccess, redisPassword } from './substitution.ts';

/** What a role, component, instance or host name of the platform means, before anybody is asked. */
export type Meaning = { readonly component: ComponentLayout } & (
  | { readonly kind: 'instance'; readonly instance: InstanceLayout; readonly name: string }
  | { readonly kind: 'part'; readonly part: 'primary' | 'replica' }
  | { readonly kind: 'component' }
);

/** @throws EnvironmentError when the platform has nothing of that name */
export function meaningOf({ layout }: Pick<ContainersRun, 'layout'>, target: string): Meaning {
  const name = layout.platform.roles?.[target] ?? target;
  for (const component of layout.components) {
    const meaning = meaningIn(component, name);
    if (meaning !== null) return meaning;
  }
  const near = nearest(target, knownNames(layout));
  throw new EnvironmentError(
    `the platform ${layout.platform.platform} has no role, component or instance "${target}"${near === null ? '' : `, did you mean "${near}"?`}`,
  );
}

function meaningIn(component: ComponentLayout, name: string): Meaning | null {
  const { instances, spec } = component;
  // The first of several has the name of all.
  if (isReplicated(spec) && name === instances[0]?.instance) return { kind: 'component', component };
  const own = instances.find(({ instance }) => instance === name);
  if (own !== undefined) return { kind: 'instance', component, instance: own, name };
  if (name === component.component) return { kind: 'component', component };
  if (spec.speaks !== undefined && name === `${component.component}.primary`)
    return { kind: 'part', component, part: 'primary' };
  if (spec.speaks !== undefined && name === `${component.component}.replica`)
    return { kind: 'part', component, part: 'replica' };
  const known = instances.find(({ names }) => names.includes(name));
  return known === undefined ? null : { kind: 'instance', component, instance: known, name };
}

function knownNames({ platform, components }: ContainersRun['layout']): readonly string[] {
  const names = components.flatMap(({ component, spec, instances }) => [
    component,
    ...instances.flatMap((each) => each.names),
    ...(spec.speaks === undefined ? [] : [`${component}.primary`, `${component}.replica`]),
  ]);
  return [...Object.keys(platform.roles ?? {}), ...names];
}

/** Instances that a signal to this target means: all of a component, or the one that has the role now. */
export async function instancesMeant(run: ContainersRun, target: string): Promise<readonly InstanceLayout[]> {
  const meaning = meaningOf(run, target);
  if (meaning.kind === 'instance') return [meaning.instance];
  if (meaning.kind === 'component') return wantedInstances(run, meaning.component);
  return [(await resolvePart(run, meaning.component, meaning.part)).instance];
}

/** Resolves a role, component or instance at this moment. @throws EnvironmentError when it means nothing */
export async function resolveAddress(run: ContainersRun, role: string): Promise<Address> {
  const meaning = meaningOf(run, role);
  const { component } = meaning;
  const cluster = component.spec.speaks !== undefined;
  if (meaning.kind === 'instance')
    return addressOf(run, component, {
      role,
      instance: meaning.instance,
      name: meaning.name,
      followsPrimary: false,
      why: fileSays,
    });
  if (meaning.kind === 'component' && isReplicated(component.spec))
    return sharedAddress(run, component, role);
  if (meaning.kind === 'component' && !cluster) {
    const [instance] = component.instances as [InstanceLayout];
    return addressOf(run, component, {
      role,
      instance,
      name: instance.instance,
      followsPrimary: false,
      why: fileSays,
    });
  }
  const part = meaning.kind === 'part' ? meaning.part : 'primary';
  const { instance, why } = await resolvePart(run, component, part);
  return addressOf(run, component, {
    role,
    instance,
    name: instance.instance,
    followsPrimary: part === 'primary',
    why,
  });
}

/** All replicas have one name: what is done to it is done to all of them, and a client is answered by one that there is. */
async function sharedAddress(run: ContainersRun, component: ComponentLayout, role: string): Promise<Address> {
  const [first] = component.instances as [InstanceLayout];
  const meant = await firstThatRuns(run, component);
  const why = meant === first ? fileSays : `${meant.instance} is the first of its replicas that runs`;
  const name = first.instance;
  const address = await addressOf(run, component, {
    role,
    instance: meant,
    name,
    followsPrimary: false,
    why,
  });
  const replicas = component.instances.map((each) => ({
    host: each.hostAddress,
    port: portOf(component, each),
    ports: each.ports,
  }));
  return { ...address, instance: name, replicas };
}

async function firstThatRuns(run: ContainersRun, component: ComponentLayout): Promise<InstanceLayout> {
  const wanted = await wantedInstances(run, component);
  for (const instance of wanted.length > 1 ? wanted : [])
    if ((await inspect(run, instance))?.State.Running === true) return instance;
  return component.instances[0] as InstanceLayout;
}

const fileSays = 'the platform file says so';

interface Resolved {
  readonly instance: InstanceLayout;
  readonly why: string;
}

/** Member that has a part now. Without an answer: the last that was known to have it, which the reason says. */
export async function resolvePart(
  run: ContainersRun,
  component: ComponentLayout,
  part: 'primary' | 'replica',
): Promise<Resolved> {
  const answers = await askMembers(run, component);
  return part === 'primary' ? primaryOf(run, component, answers) : replicaOf(run, component, answers);
}

async function primaryOf(
  run: ContainersRun,
  { component, instances }: ComponentLayout,
  answers: readonly Answer[],
): Promise<Resolved> {
  const [newest, ...others] = answers.filter(({ primary }) => primary).toSorted((a, b) => b.rank - a.rank);
  if (newest !== undefined) {
    await run.state.set('primaries', component, newest.instance.instance);
    const rivals = others.map(({ instance }) => instance.instance).join(', ');
    const also = rivals === '' ? '' : `; ${rivals} says so too, on an older or equal one`;
    return { instance: newest.instance, why: `says that it takes writes (${newest.rank})${also}` };
  }
  const last = await run.state.get('primaries', component);
  const known = instances.find(({ instance }) => instance === last) ?? (instances[0] as InstanceLayout);
  return { instance: known, why: `no member answers as primary; ${known.instance} was the last one known` };
}

async function replicaOf(
  run: ContainersRun,
  component: ComponentLayout,
  answers: readonly Answer[],
): Promise<Resolved> {
  const replicas = answers.filter(({ primary }) => !primary);
  const streaming = replicas.find((each) => each.streaming);
  if (streaming !== undefined) return { instance: streaming.instance, why: 'receives from the primary' };
  const [idle] = replicas;
  if (idle !== undefined)
    return {
      instance: idle.instance,
      why: 'says that it is a replica, though it receives nothing at this moment',
    };
  const { instance: primary } = await primaryOf(run, component, answers);
  const other = component.instances.find(({ instance }) => instance !== primary.instance) ?? primary;
  return { instance: other, why: `no member answers as a replica; ${other.instance} is not the primary` };
}

interface Asked extends Resolved {
  readonly role: string;
  readonly name: string;
  readonly followsPrimary: boolean;
}

async function addressOf(
  run: ContainersRun,
  component: ComponentLayout,
  { role, instance, name, followsPrimary, why }: Asked,
): Promise<Address> {
  const port = portOf(component, instance);
  const members = component.instances.map((each) => ({
    instance: each.instance,
    host: each.hostAddress,
    port: portOf(component, each),
  }));
  const access = databaseAccess(run, component);
  const password = redisPassword(run, component);
  const speaksRedis = component.spec.speaks !== undefined && 'redis' in component.spec.speaks;
  return {
    role,
    component: component.component,
    instance: instance.instance,
    name,
    host: instance.hostAddress,
    port,
    ports: instance.ports,
    ...(access !== null && {
      database: {
        user: access.user,
        password: access.password,
        database: access.database,
        members,
        followsPrimary,
      },
      administrator: {
        host: instance.hostAddress,
        port,
        user: access.adminUser,
        password: access.adminPassword,
        database: access.database,
      },
    }),
    ...(speaksRedis && { redis: { members, followsPrimary, ...(password !== undefined && { password }) } }),
    why,
  };
}

/** 0 where it has none: a worker that listens to nobody is still what a fault means by its name. */
function portOf(component: ComponentLayout, instance: InstanceLayout): number {
  return component.spec.port === undefined ? 0 : publishedPort(component, instance);
}
