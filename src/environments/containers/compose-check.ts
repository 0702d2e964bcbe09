import { resolve } from 'node:path';
import { nearest } from '../../definition/nearest.ts';
import type { Platform } from '../../definition/platform.ts';
import { serviceOf } from '../../definition/platform-names.ts';
import { quote, quoteList } from '../../definition/quote.ts';
import { EnvironmentError, type Problem } from '../environment.ts';
import { NoComposeError } from './compose-command.ts';
import { placeOf, placeOfVariable, readComposeServices } from './compose-file.ts';
import type { ComposeModel, ComposeService } from './compose-model.ts';

/** Where a platform's compose file is; null when it has none. */
export function composeFileOf({ compose, baseDir }: Platform): string | null {
  return compose === undefined ? null : resolve(baseDir, compose.file);
}

export interface ExaminedCompose {
  /** What keeps the file from running here, or from running as a drill's platform. */
  readonly problems: readonly Problem[];
  /** Limits of all its services together, in bytes; those without a limit do not count. */
  readonly memoryBytes: number;
}

/** A look at a platform's compose file, if it has one. Changes nothing. */
export async function examineCompose(platform: Platform): Promise<ExaminedCompose> {
  const file = composeFileOf(platform);
  if (file === null) return { problems: [], memoryBytes: 0 };
  try {
    const model = await readComposeServices(file, platform.compose?.env ?? {});
    const problems = [
      ...(await unsetProblems(model)),
      ...serviceProblems(platform, model),
      ...model.external.map((what) => foreign(model, what)),
      ...Object.entries(model.services).flatMap(([name, service]) => dangers(model, name, service)),
    ];
    const limits = Object.values(model.services).map(
      ({ memoryBytes, containers }) => (memoryBytes ?? 0) * containers,
    );
    return { problems, memoryBytes: limits.reduce((sum, limit) => sum + limit, 0) };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const todo =
      error instanceof NoComposeError ? error.todo : 'change the compose file, or the platform file';
    return { problems: [{ what: error.message, todo }], memoryBytes: 0 };
  }
}

async function unsetProblems({ file, unset }: ComposeModel): Promise<readonly Problem[]> {
  const problems = unset.map(async (name) => ({
    what: `${await placeOfVariable(file, name)}: the variable ${name} is not set, and compose would take an empty text for it`,
    todo: `set it under "compose.env" of the platform file, or in the ".env" beside the compose file, or give it a default: \${${name}:-…}`,
  }));
  return Promise.all(problems);
}

function serviceProblems({ components }: Platform, { file, services }: ComposeModel): readonly Problem[] {
  const names = Object.keys(services);
  return Object.entries(components).flatMap(([component, spec]) => {
    const name = serviceOf(spec);
    if (name === null) return [];
    const key = `components.${component}.container.service`;
    const service = services[name];
    if (service !== undefined) return unreachable(key, name, service, file);
    const near = nearest(name, names);
    const todo = near === null ? 'name one of them' : `did you mean ${quote(near)}?`;
    const what = `${key}: ${placeOf(file)} has no service ${quote(name)}; it has ${quoteList(names)}`;
    return [{ what, todo }];
  });
}

/** A service that drillbook could neither tell apart nor reach. */
function unreachable(
  key: string,
  name: string,
  { containers, networkMode }: ComposeService,
  file: string,
): readonly Problem[] {
  const where = `${placeOf(file)}, services.${name}`;
  if (networkMode !== null) {
    const what = `${key}: ${where} has "network_mode: ${networkMode}" and no address of its own`;
    return [{ what, todo: 'take "network_mode" out, or name the service whose network it uses' }];
  }
  if (containers === 1) return [];
  const what = `${key}: ${where} runs ${containers} containers, and a component here is one`;
  return [{ what, todo: 'let it run one, or make a service of each' }];
}

/** Drills break things: they must be things that drillbook made. */
function foreign({ file }: ComposeModel, what: string): Problem {
  return {
    what: `${placeOf(file)}: ${what} is external, and a drill touches nothing that drillbook did not make`,
    todo: 'take "external" out, for example in a copy of the compose file for drills',
  };
}

function dangers({ file }: ComposeModel, name: string, service: ComposeService): readonly Problem[] {
  const where = `${placeOf(file)}, services.${name}`;
  const modes = Object.entries({ network_mode: service.networkMode, pid: service.pidMode });
  const shared = modes.flatMap(([key, mode]) =>
    mode === 'host' || mode?.startsWith('container:')
      ? [
          {
            what: `${where}: "${key}: ${mode}" shares what drillbook did not make`,
            todo: `take "${key}" out`,
          },
        ]
      : [],
  );
  const binds = service.binds.flatMap(({ source, target, readOnly }) => {
    if (/\/docker\.sock$/.test(source))
      return [
        {
          what: `${where}: ${source} gives the container your container engine`,
          todo: 'take it out, for example in a copy of the compose file for drills',
        },
      ];
    if (readOnly) return [];
    return [
      {
        what: `${where}: your own ${placeOf(source)} can be written to at ${target}, and a drill breaks what is in there`,
        todo: 'make it read-only (":ro" at its end), or a named volume',
      },
    ];
  });
  return [...shared, ...binds];
}
