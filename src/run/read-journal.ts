import { createReadStream } from 'node:fs';
import { readTimeline } from '../timeline/read.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** @throws JournalError when the file is no journal, with the line that shows it */
export function readJournal(file: string): Promise<Timeline> {
  return readTimeline(createReadStream(file, { highWaterMark: 1 << 20 }));
}
