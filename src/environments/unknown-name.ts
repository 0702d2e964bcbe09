import { nearest } from '../definition/nearest.ts';
import { EnvironmentError } from './environment.ts';

/** Of a `${NAME}` in a platform file, at `where`, that is none of `valid`: with the nearest of them. */
export function unknownName(name: string, where: string, valid: Iterable<string>): EnvironmentError {
  const names = [...valid].sort();
  const near = nearest(name, names);
  const hint = near === null ? '' : `, did you mean \${${near}}?`;
  return new EnvironmentError(
    `${where}: \${${name}} means nothing here${hint} There are: ${names.join(', ')}, secret.NAME; write $\${${name}} for the text itself`,
  );
}
