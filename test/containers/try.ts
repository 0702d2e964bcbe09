import { openTestShells } from './shells.ts';

const t = await openTestShells();
try {
  console.log(await t.exec('echo bye; exit 3', 's'));
  console.log(await t.exec('sleep 100', 's', 500));
  console.log(await t.exec("trap '' TERM; sleep 100", 's', 500));
  console.log(await t.exec('kill -9 $$', 's', 500));
  console.log(await t.exec('sleep 0.3; exec true', 's', 2500));
  console.log(await t.exec('true', 's', 500));
  for (let i = 0; i < 15; i++) {
    const a = performance.now();
    await t.exec('true', 'q');
    console.log(performance.now() - a);
  }
} finally {
  const a = performance.now();
  await t.remove();
  console.log('removed', performance.now() - a);
}
