import type { FileContent } from './decode.ts';

/** How definitions and runbooks are read. Paths are relative to the project's folder, or absolute. */
export interface ProjectFiles {
  /** Whatever stands there, also nothing. Never throws. */
  read(path: string): Promise<FileContent>;
  /** Names of the plain files in a folder, sorted; null when there is no such folder. */
  list(folder: string): Promise<readonly string[] | null>;
  absolute(path: string): string;
  /** As people are told where something stands. */
  label(path: string): string;
}
