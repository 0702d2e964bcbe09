import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { KindClusterSpec } from '../../definition/kubernetes-component.ts';
import { EnvironmentError } from '../environment.ts';

/** As much of kind's configuration as drillbook has to know; all of it is handed on to kind. */
const configuration = z.looseObject({
  kind: z.literal('Cluster'),
  apiVersion: z.string().startsWith('kind.x-k8s.io/'),
  name: z.string(),
  nodes: z
    .array(
      z.looseObject({ role: z.enum(['control-plane', 'worker']).optional(), image: z.string().optional() }),
    )
    .optional(),
});

export interface KindNode {
  /** What follows the cluster's name in that of the node and its container: `-control-plane`, `-worker2`. */
  readonly suffix: string;
  readonly role: 'control-plane' | 'worker';
  readonly image: string;
}

export interface KindConfig {
  readonly nodes: readonly KindNode[];
  /** The document for a cluster of this name, as YAML that kind takes (JSON is YAML). */
  text(clusterName: string): string;
}

/**
 * Reads a cluster's document of a configuration of kind, which itself would read only the first one of a file.
 * @param component the name that the document must have
 * @throws EnvironmentError that names the file and what is wrong with it
 */
export async function readKindConfig(
  component: string,
  { config }: Pick<KindClusterSpec, 'config'>,
  baseDir: string,
): Promise<KindConfig> {
  const path = resolve(baseDir, config);
  const document = documentNamed(component, path, await documentsOf(path));
  const nodes = nodesOf(component, path, document);
  return { nodes, text: (name) => JSON.stringify({ ...document, name }) };
}

type Configuration = z.infer<typeof configuration>;

async function documentsOf(path: string): Promise<readonly unknown[]> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new EnvironmentError(
      `the configuration of kind ${path} cannot be read: correct "config" in the platform file`,
      { cause },
    );
  });
  const documents = parseAllDocuments(text);
  if ('empty' in documents) return [];
  const broken = documents.flatMap(({ errors }) => errors)[0];
  if (broken !== undefined) throw new EnvironmentError(`${path} is no YAML: ${broken.message}`);
  return documents.map((document) => document.toJS());
}

function documentNamed(component: string, path: string, documents: readonly unknown[]): Configuration {
  const names = documents.map((document) => (document as { name?: unknown } | null)?.name);
  const found = documents[names.indexOf(component)];
  if (found === undefined)
    throw new EnvironmentError(
      `${path} has no cluster named "${component}"; it has ${names.length === 0 ? 'none' : names.map((name) => name ?? 'one without a name').join(', ')}`,
    );
  const parsed = configuration.safeParse(found);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EnvironmentError(`${path}: cluster ${component}: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Names as kind gives them: the second worker is "-worker2". */
function nodesOf(component: string, path: string, { nodes = [{}] }: Configuration): readonly KindNode[] {
  const counts = { 'control-plane': 0, worker: 0 };
  const all = nodes.map(({ role = 'control-plane', image }): KindNode => {
    counts[role] += 1;
    if (image === undefined)
      throw new EnvironmentError(
        `${path}: cluster ${component}: a node has no "image"; name it, such as kindest/node:v1.34.4, or every version of kind takes another one`,
      );
    return { role, image, suffix: `-${role}${counts[role] === 1 ? '' : counts[role]}` };
  });
  if (counts['control-plane'] !== 1)
    throw new EnvironmentError(
      `${path}: cluster ${component} has ${counts['control-plane']} control-plane nodes; drillbook runs clusters with one`,
    );
  return all;
}
