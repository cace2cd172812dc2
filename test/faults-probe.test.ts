import { emulatorForThisFile, outcomesIn } from './support/world.ts';
import { worldWithEveryAction } from './support/every-action.ts';
import { brokenPromises, lookAround, outlineOf } from './support/promises.ts';
describe('probe', function () {
  this.timeout(60000);
  const emulator = emulatorForThisFile();
  it('runs', async () => {
   for (let i = 0; i < 3; i++) {
    let t = performance.now();
    const lap = (w: string) => { console.log(w, Math.round(performance.now() - t)); t = performance.now(); };
    const world = await worldWithEveryAction(emulator());
    lap('seed');
    const before = await lookAround(world);
    lap('look');
    await world.run();
    lap('run');
    const a = await lookAround(world);
    if (i === 0) console.log(brokenPromises(before, a), outlineOf(a));
    lap('look');
    await world.pass(15/1440); await world.run(); lap('2'); await world.pass(15/1440);
    await world.run(); lap('3');
    const b = await lookAround(world);
    if (i === 0) console.log(brokenPromises(before, b), outlineOf(b));
   }
  });
});
