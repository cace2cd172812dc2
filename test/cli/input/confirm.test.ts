import { expect } from 'chai';
import { confirm } from '../../../src/cli/input/confirm.ts';
import { InputError } from '../../../src/domain/errors.ts';
import { fakeTerminal } from '../../support/terminal.ts';

const WHAT = 'Something will be done.\n';

describe('a person who is asked', () => {
  for (const [answer, expected] of [
    ['y', true],
    ['Y', true],
    ['yes', true],
    [' yes ', true],
    ['n', false],
    ['no', false],
    ['', false],
    ['yesterday', false],
    ['sure\ny', false],
  ] as const) {
    it(`${expected ? 'agrees' : "doesn't agree"} by saying "${answer}"`, async () => {
      const terminal = fakeTerminal(undefined, {}, answer);
      expect(await confirm(terminal, WHAT, false)).to.equal(expected);
      const after = expected ? '' : 'Nothing was changed.\n';
      expect(terminal.stderrText()).to.equal(`${WHAT}Go on? [y/N] ${after}`);
      expect(terminal.stdoutText()).to.equal('');
    });
  }

  it("isn't asked when the command line says yes", async () => {
    const terminal = fakeTerminal();
    expect(await confirm(terminal, WHAT, true)).to.equal(true);
    expect(terminal.stderrText()).to.equal(WHAT);
  });

  it('is needed otherwise: where nobody is there, that is wrong input', async () => {
    const terminal = fakeTerminal();
    const error = await confirm(terminal, WHAT, false).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(InputError);
    expect((error as InputError).problems).to.deep.equal([
      '--yes: must be given where nobody can be asked: stdin is not a terminal',
    ]);
    expect(terminal.stderrText()).to.equal(WHAT);
  });
});
