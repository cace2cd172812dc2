import { expect } from 'chai';
import * as sinon from 'sinon';
import { kindOf } from './caught.ts';
import { intercepted, nested, plannedFaults, type Around } from './intercept.ts';
import { mortal, onceAt } from './process.ts';

const fakes = () => ({
  create: sinon.fake(async (userName: string) => `key of ${userName}`),
  delete: sinon.fake(async (_userName: string, _id: string) => undefined),
});

describe('a port with something around its calls', () => {
  it('still answers, and its calls are seen by name, with their arguments', async () => {
    const seen = sinon.fake();
    const watch: Around = (call, proceed) => {
      seen(call);
      return proceed();
    };
    const port = intercepted('writer', fakes(), watch);
    expect(await port.create('ann')).to.equal('key of ann');
    expect(seen.args).to.deep.equal([[{ name: 'writer.create', args: ['ann'] }]]);
  });

  it('nests, the first outermost', async () => {
    const order: string[] = [];
    const saying =
      (word: string): Around =>
      async (_call, proceed) => {
        order.push(word);
        return await proceed();
      };
    await intercepted('writer', fakes(), nested(saying('outer'), saying('inner'))).create('ann');
    expect(order).to.deep.equal(['outer', 'inner']);
  });
});

describe('planned faults', () => {
  const setUp = () => {
    const faults = plannedFaults();
    const port = fakes();
    return { faults, port, writer: intercepted('writer', port, faults.around) };
  };

  it('refuse as often as planned, before the call has an effect', async () => {
    const { faults, port, writer } = setUp();
    faults.on('writer.create', 'throttled', { times: 2 });
    expect(await kindOf(writer.create('ann'))).to.equal('throttled');
    expect(await kindOf(writer.create('ann'))).to.equal('throttled');
    sinon.assert.notCalled(port.create);
    expect(await writer.create('ann')).to.equal('key of ann');
  });

  it('come one after the other', async () => {
    const { faults, writer } = setUp();
    faults.on('writer.create', 'throttled');
    faults.on('writer.create', 'denied');
    expect(await kindOf(writer.create('ann'))).to.equal('throttled');
    expect(await kindOf(writer.create('ann'))).to.equal('denied');
  });

  it('concern only calls of that name, and only with such arguments', async () => {
    const { faults, writer } = setUp();
    faults.on('writer.delete', 'denied', { when: (_userName, id) => id === 'TWO' });
    await writer.create('ann');
    await writer.delete('ann', 'ONE');
    expect(await kindOf(writer.delete('ann', 'TWO'))).to.equal('denied');
  });

  it('can lose only the answer', async () => {
    const { faults, port, writer } = setUp();
    faults.on('writer.create', new TypeError('oops'), { answerLost: true });
    expect(await writer.create('ann').catch((error: unknown) => error)).to.be.instanceOf(TypeError);
    sinon.assert.calledOnceWithExactly(port.create, 'ann');
  });
});

describe('a process', () => {
  it('killed before a call does nothing from then on', async () => {
    const port = fakes();
    const process = mortal({ call: 2, side: 'before' });
    const writer = intercepted('writer', port, process.around);
    await writer.create('ann');
    expect(process.diedAt).to.equal(undefined);
    await writer.delete('ann', 'ONE').catch(() => undefined);
    await writer.create('bob').catch(() => undefined);
    expect(process.diedAt).to.equal('writer.delete');
    sinon.assert.calledOnceWithExactly(port.create, 'ann');
    sinon.assert.notCalled(port.delete);
  });

  it('killed after a call has had that effect, and no other', async () => {
    const port = fakes();
    const writer = intercepted('writer', port, mortal({ call: 1, side: 'after' }).around);
    await writer.delete('ann', 'ONE').catch(() => undefined);
    await writer.create('ann').catch(() => undefined);
    sinon.assert.calledOnce(port.delete);
    sinon.assert.notCalled(port.create);
  });

  it('goes on without a moment to be killed at, until it is killed', async () => {
    const process = mortal();
    const writer = intercepted('writer', fakes(), process.around);
    expect(await writer.create('ann')).to.equal('key of ann');
    expect(() => process.die('secrets.store')).to.throw('died at secrets.store');
    expect(await writer.create('ann').catch(() => 'dead')).to.equal('dead');
  });
});

describe('something that happens once', () => {
  for (const side of ['before', 'after'] as const) {
    it(`happens ${side} the call it was planned for, and the call goes on`, async () => {
      const port = fakes();
      const happens = sinon.fake(async (_name: string) => undefined);
      const writer = intercepted('writer', port, onceAt({ call: 2, side }, happens));
      await writer.create('ann');
      expect(await writer.create('bob')).to.equal('key of bob');
      await writer.create('cem');
      sinon.assert.calledOnceWithExactly(happens, 'writer.create');
      const bob = port.create.getCalls()[1];
      expect(happens.firstCall.calledBefore(bob as sinon.SinonSpyCall)).to.equal(side === 'before');
    });
  }
});
