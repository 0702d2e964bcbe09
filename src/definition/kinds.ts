import type { z } from 'zod';
import { type Drill, drill } from './drill.ts';
import { type PlatformFile, platform } from './platform.ts';
import { type ProjectFile, project } from './project.ts';
import { type Scenario, scenario } from './scenario.ts';

/** Every kind of definition file and what it becomes. */
export interface DefinitionKinds {
  readonly project: ProjectFile;
  readonly scenario: Scenario;
  readonly drill: Drill;
  readonly platform: PlatformFile;
}
export type DefinitionKind = keyof DefinitionKinds;

export const schemas: { readonly [K in DefinitionKind]: z.ZodType<DefinitionKinds[K]> } = {
  project,
  scenario,
  drill,
  platform,
};
