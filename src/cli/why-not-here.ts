import { environments, type Plan } from '../index.ts';

/** What keeps a drill's platform from running on this machine; null when nothing does. */
export async function whyNotHere({ environment, platform }: Plan): Promise<string | null> {
  const here = environments[environment];
  if (here === undefined) return `this version of drillbook has no environment ${environment}`;
  const problem = (await here.check(platform)).find(({ note }) => note !== true);
  return problem?.what ?? null;
}

/** By name of the platform; those that can run are left out. Variants that adjust a platform are asked for by its first one. */
export async function whyPlatformsNotHere(plans: readonly Plan[]): Promise<ReadonlyMap<string, string>> {
  const first = new Map(plans.toReversed().map((plan) => [plan.platform.platform, plan]));
  const asked = await Promise.all(
    [...first].map(async ([name, plan]) => [name, await whyNotHere(plan)] as const),
  );
  return new Map(asked.flatMap(([name, reason]) => (reason === null ? [] : [[name, reason] as const])));
}
