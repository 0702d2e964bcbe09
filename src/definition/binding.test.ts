import { describe, expect, it } from 'vitest';
import { bindCommand, captureValues } from './binding.ts';

const none = new Map<string, string>();
const placeholder = (text: string, name: string) => ({ text, name, line: 1 });

describe('bindCommand', () => {
  it('fills placeholders by name, wherever they stand', () => {
    const step = {
      text: 'cp <id> /backup/<id>.tar',
      placeholders: [placeholder('<id>', 'id'), placeholder('<id>', 'id')],
    };
    expect(bindCommand(step, { id: 'b7' }, none)).toEqual({ text: 'cp b7 /backup/b7.tar' });
  });

  it('replaces a literal only where it stands alone', () => {
    const step = {
      text: 'promote --id replica-id --also my-replica-id replica-identifier',
      placeholders: [],
    };
    expect(bindCommand(step, { 'replica-id': 'db-2' }, none)).toEqual({
      text: 'promote --id db-2 --also my-replica-id replica-identifier',
    });
  });

  it('takes a value as it is, dollar signs and all', () => {
    const step = { text: 'echo name', placeholders: [] };
    expect(bindCommand(step, { name: "$& $1 $'" }, none)).toEqual({ text: "echo $& $1 $'" });
  });

  it('names every placeholder without a value, once', () => {
    const step = {
      text: 'move <a> <b> <a>',
      placeholders: [placeholder('<a>', 'a'), placeholder('<b>', 'b'), placeholder('<a>', 'a')],
    };
    expect(bindCommand(step, {}, none)).toEqual({ unbound: ['<a>', '<b>'] });
  });

  it('fills what earlier output gave, and says when it gave nothing', () => {
    const step = { text: 'status --id <id>', placeholders: [placeholder('<id>', 'id')] };
    const bind = { id: '${captured.failover-id}' };
    expect(bindCommand(step, bind, new Map([['failover-id', 'fo-9']]))).toEqual({ text: 'status --id fo-9' });
    expect(bindCommand(step, bind, none)).toEqual({ unbound: ['${captured.failover-id}'] });
  });

  it('leaves a command without bindings verbatim', () => {
    const text = 'kubectl patch cm x -p \'{"data":{"host":"a"}}\' \\\n  --type merge';
    expect(bindCommand({ text, placeholders: [] }, {}, none)).toEqual({ text });
  });
});

describe('captureValues', () => {
  it('takes the first group, or the whole match', () => {
    const found = captureValues(
      { id: 'id: (\\w+)', state: 'PEND\\w+', no: 'absent' },
      'x\nid: fo9\nPENDING\n',
    );
    expect([...found]).toEqual([
      ['id', 'fo9'],
      ['state', 'PENDING'],
    ]);
  });
});
