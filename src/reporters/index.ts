import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { lessons } from './lessons.ts';
import type { Reporter } from './reporter.ts';
import { summary } from './summary.ts';

/** Every reporter there is. A new one is one file and one line here. */
export const reporters: readonly Reporter[] = [json, junit, html, summary, lessons];
