import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { describeToolboxes, testUid } from '../../../test/toolbox.ts';

describeToolboxes('what a toolbox holds and keeps out', (open) => {
  it('builds the environment from nothing', async () => {
    process.env.DRILLBOOK_TEST_LEAK = 'leak';
    const lines = (await open().output('env')).split('\n');
    delete process.env.DRILLBOOK_TEST_LEAK;
    expect(lines.join('\n')).not.toContain('leak');
    expect(lines).toEqual(
      expect.arrayContaining([
        `PATH=${open().runDir}/toolbox/bin`,
        'TERM=dumb',
        `DRILLBOOK_RUN_ID=${open().runId}`,
        'API=http://api.internal',
        'OWN_REGION=here',
      ]),
    );
    expect(await open().output('pwd; cat ~/.own/config; umask >x; rm x')).toBe(
      `${open().runDir}/toolbox/work\nregion=here\n`,
    );
    expect(await open().output('id -u')).toBe(`${testUid}\n`);
  });

  it('marks stand-ins that a command really called', async () => {
    expect(await open().exec('no-such-client a "b c" | cat')).toMatchObject({
      exitCode: 0,
      stdout: 'stand-in a b c\n',
      standIns: ['no-such-client'],
    });
    expect(await open().exec('env -i "$(command -v no-such-client)" x')).toMatchObject({
      standIns: ['no-such-client'],
    });
    expect(await open().exec('f() { systemctl restart x; }; f')).toMatchObject({
      stdout: 'real restart x\n',
      standIns: ['systemctl'],
    });
    expect(await open().exec('echo no-such-client; own-client')).toMatchObject({
      stdout: 'no-such-client\nreal \n',
      standIns: [],
    });
    expect(
      await open().exec('echo systemctl >>"$DRILLBOOK_CALLS"; ln -sf /dev/zero "$DRILLBOOK_CALLS"'),
    ).toMatchObject({ standIns: [] });
  });

  it('adds arguments to a real client', async () => expect(await open().output('date')).toBe('here\n'));

  it('does not run what calls a program that is not there', async () => {
    const notRun = {
      why: 'tool-missing',
      reason: expect.stringContaining('never-there is not in the toolbox: never-there is not installed here'),
    };
    expect(await open().exec('touch "$HOME/trace"; never-there x')).toMatchObject({ exitCode: null, notRun });
    expect(await open().exec('echo x | grep -v y | sudo tee z')).toMatchObject({
      notRun: { reason: expect.stringContaining('the platform file names no such tool') },
    });
    expect(await open().output('ls "$HOME"')).not.toContain('trace');
    expect(await open().exec('never-there() { echo mine; }; never-there')).toMatchObject({
      exitCode: 0,
      stdout: 'mine\n',
    });
    await open().exec('f() { echo "from before"; }', 'function');
    expect(await open().output('f', 'function')).toBe('from before\n');
    expect(await open().exec('$(echo never-there)')).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining('command not found'),
    });
  });

  it('does not run what names an address outside', async () => {
    expect(await open().exec('curl http://10.1.2.3/')).toMatchObject({ notRun: { why: 'not-contained' } });
    expect(await open().exec('echo 127.9.9.9')).toMatchObject({ exitCode: 0 });
  });

  it('resolves the platform and nothing else', async () => {
    const server = createServer((request, response) => response.end(request.headers.host)).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await open().output(`curl -s http://api.internal:${port}/`)).toBe(`api.internal:${port}`);
    server.close();
    const other = await open().exec('own-client api.internal');
    if (!open().contained) return expect(other).toMatchObject({ notRun: { why: 'not-contained' } });
    expect(other).toMatchObject({ exitCode: 0 });
    expect(await open().exec('curl -sS http://example.com/')).toMatchObject({ exitCode: 6 });
    expect(await open().output('cat /etc/resolv.conf')).toBe('');
  });

  it('keeps commands in, as far as it says', async () => {
    const probe =
      'touch /etc/x /var/x "$0/../x" 2>/dev/null; echo a >/tmp/a && cat /tmp/a; ls /run /root 2>/dev/null | grep -v : | wc -w';
    if (!open().contained)
      return expect(open().toolbox.limits.join()).toContain('can write wherever the account may');
    expect(await open().output(`${probe}; ls /proc | grep -c '^[0-9]'`)).toMatch(/^a\n\d\n\d+\n$/);
    expect(
      await open().output('for f in /etc /usr /var /opt /dev "$HOME/../.."; do [ -w $f ] && echo "$f"; done'),
    ).toBe('');
    await open().exec('kill -9 -1', 'kill');
    expect(await open().exec('echo alive', 'kill')).toMatchObject({ stdout: 'alive\n' });
  });

  it('keeps commands from undoing that', async () => {
    if (!open().contained) return;
    const undo = 'mount -o remount,bind,rw /; umount -l /run /root /etc/hosts; touch /etc/drillbook-was-here';
    const result = await open().exec(
      `PATH=$PATH:/usr/bin:/usr/sbin:/bin; unshare --user --map-root-user --mount bash -c '${undo}'; sudo -n true; ls /root /etc/drillbook-was-here`,
    );
    expect(result.exitCode).not.toBe(0);
    expect(result.stdout.trim()).toBe('/root:');
  });
});
