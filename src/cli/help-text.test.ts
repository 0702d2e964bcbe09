import { expect, it } from 'vitest';
import { helpText, helpWidth } from './help-text.ts';
import { helpAt } from './program.ts';

it('the help that is kept is the one that the parser gives', async () => {
  expect(helpText).toBe(await helpAt(helpWidth));
});
