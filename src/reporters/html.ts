import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { page } from './html/page.ts';
import type { Reporter } from './reporter.ts';

/** `report.html`: everything, for people; one file that opens anywhere and asks no network. */
export const html: Reporter = {
  name: 'html',
  async write(judged, directory) {
    await writeFile(join(directory, 'report.html'), page(judged));
    return ['report.html'];
  },
};
