import { decodeText } from './decode.ts';
import type { DefinitionError } from './definition-error.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Source } from './source.ts';
import { parseYaml } from './yaml-source.ts';

export type ReadSource = { readonly source: Source } | { readonly errors: readonly DefinitionError[] };

/** A definition file as data with positions, whatever it defines. Never throws. */
export async function readSource(files: ProjectFiles, path: string): Promise<ReadSource> {
  const label = files.label(path);
  const decoded = decodeText(label, await files.read(path));
  return 'errors' in decoded ? decoded : parseYaml(decoded.text, label);
}
