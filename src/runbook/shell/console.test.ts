import { describe, expect, it } from 'vitest';
import { beginsWithPrompt, hasPrompt, readSession } from './console.ts';

const lines = (text: string) => text.split('\n').map((line, i) => ({ text: line, line: i + 1 }));
const session = (text: string) => readSession(lines(text));
const commands = (text: string) => session(text).commands.map((command) => command.text);

describe('readSession', () => {
  it('takes what is typed and leaves the output', () => {
    expect(commands('$ kubectl get pods\nNAME   READY\napi-1  1/1\n$ kubectl delete pod api-1')).toEqual([
      'kubectl get pods',
      'kubectl delete pod api-1',
    ]);
  });

  it('knows prompts with user, host and environment', () => {
    expect(commands('root@db:~# ls -l /\ntotal 0\n[admin@web ~]# ps aux')).toEqual(['ls -l /', 'ps aux']);
    expect(commands('me@web:~$ sudo -i -u x\nroot@web:~# ls -l /')).toEqual(['sudo -i -u x', 'ls -l /']);
    expect(commands('(venv) $ pip list\nuser@host:/var/log$ ls -a')).toEqual(['pip list', 'ls -a']);
  });

  it('takes `# ` for a comment next to `$ `, and for a prompt alone', () => {
    expect(session('# look\n$ ls -l').commands).toEqual([
      { text: 'ls -l', comment: 'look', lines: { from: 2, to: 2 } },
    ]);
    expect(commands('# systemctl restart nginx\n# journalctl -u nginx')).toEqual([
      'systemctl restart nginx',
      'journalctl -u nginx',
    ]);
    expect(hasPrompt(lines('# look at the pods\nkubectl get pods'))).toBe(false);
  });

  it('joins continued lines and takes `> ` off them', () => {
    const [here] = session('$ cat <<E\n> a\n> E\nout').commands;
    expect(here).toEqual({ text: 'cat <<E\na\nE', comment: null, lines: { from: 1, to: 3 } });
    expect(commands('$ aws x \\\n    --y\nout')).toEqual(['aws x \\\n    --y']);
    expect(commands("$ echo don't\n$ ls -l")).toEqual(["echo don't", 'ls -l']);
  });

  it('takes statements at a client prompt for queries', () => {
    const found = session('$ psql -h db\npostgres=# SELECT 1;\n 1\n');
    expect(found.statements.map(({ text }) => text)).toEqual(['SELECT 1;']);
    expect(found.commands.map(({ text }) => text)).toEqual(['psql -h db']);
  });

  it('sees a session in a fence labelled bash by its first line', () => {
    expect(beginsWithPrompt(lines('# x\n$ ls'))).toBe(true);
    expect(beginsWithPrompt(lines('[root@db ~]# ls'))).toBe(true);
    expect(beginsWithPrompt(lines('ls\n$ ls'))).toBe(false);
    expect(beginsWithPrompt(lines('$HOME/bin/x'))).toBe(false);
  });
});
