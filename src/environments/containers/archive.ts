import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** A file to put into a container: an absolute path there, without the leading "/". */
export interface ArchivedFile {
  readonly path: string;
  readonly content: string | Buffer;
  readonly mode: number;
  readonly uid?: number;
}

/** Files as a tar archive, for the root folder of a container. Folders that are there keep their owner and mode. */
export async function archive(files: readonly ArchivedFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, content, mode, uid = 0 } of files)
    tar.entry({ name: path.replace(/^\//, ''), mode, uid, gid: uid, mtime: new Date(0) }, content);
  tar.finalize();
  return buffer(tar);
}

/** What is to be copied: one file, or a folder with everything below. */
export async function filesToCopy(
  source: string,
  target: string,
  uid: number,
): Promise<readonly ArchivedFile[]> {
  const about = await stat(source);
  if (!about.isDirectory()) return [await oneFile(source, target, uid)];
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return oneFile(path, join(target, path.slice(source.length + 1)), uid);
      }),
  );
}

async function oneFile(source: string, target: string, uid: number): Promise<ArchivedFile> {
  const [{ mode }, content] = await Promise.all([stat(source), readFile(source)]);
  return { path: target, content, mode: mode & 0o777, uid };
}
