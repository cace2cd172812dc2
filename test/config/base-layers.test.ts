import { expect } from 'chai';
import { baseLayers } from '../../src/config/base-layers.ts';
import { ENVIRONMENT_NAMES } from '../../src/config/setting-schema.ts';
import { readSettings } from '../../src/config/settings.ts';
import {
  DEFAULT_SETTINGS,
  LEVELS_OF,
  SETTING_NAMES,
  type SettingName,
} from '../../src/domain/settings/setting.ts';
import { resolveSettings } from '../../src/domain/settings/resolve.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:access-keys';
const ROLE = 'arn:aws:iam::111122223333:role/reader';
const settled = (...args: Parameters<typeof readSettings>) => {
  const resolved = resolveSettings(baseLayers(readSettings(...args)));
  if (resolved.kind === 'failed') throw new Error(resolved.problems.join('; '));
  return resolved.value;
};

describe('what holds below the table', () => {
  it('is the defaults where nothing is set', () => {
    expect(settled({}).values).to.deep.equal(DEFAULT_SETTINGS);
    expect(new Set(Object.values(settled({}).sources))).to.deep.equal(new Set(['default']));
  });

  const VALUES: Readonly<Record<keyof typeof ENVIRONMENT_NAMES, readonly [string, unknown]>> = {
    mode: ['audit', 'audit'],
    rotateAfter: ['60', 60],
    deactivateAfter: ['85', 85],
    deleteAfter: ['90', 90],
    adoptionGrace: ['0', 0],
    deadlineGrace: ['14', 14],
    recoveryGrace: ['1', 1],
    unusedAfter: ['off', 'off'],
    inUseWindow: ['7', 7],
    noticeBefore: ['14', 14],
    whenStillInUse: ['wait', 'wait'],
    whenNotAdopted: ['wait', 'wait'],
    whenTwoKeysInUse: ['escalate', 'escalate'],
    maxDeactivations: ['3', { count: 3 }],
    maxDeletions: ['25%', { share: 0.25, atLeast: 5 }],
    maxDeadlineDeactivations: ['25', 25],
    maxReplacements: ['10', 10],
    noticesBy: ['topic', 'topic'],
    topicArn: [TOPIC, TOPIC],
    secretKmsKeyId: ['alias/x', 'alias/x'],
    secretReaders: [ROLE, [ROLE]],
    secretAccess: ['open', 'open'],
    removeOrphanedSecrets: ['false', false],
  };
  for (const [name, [text, value]] of Object.entries(VALUES) as [
    SettingName & keyof typeof VALUES,
    readonly [string, unknown],
  ][]) {
    const variable = ENVIRONMENT_NAMES[name];
    // Also where the value is the default: somebody has decided it.
    it(`is what ${variable} says, by its name`, () => {
      const { values, sources } = settled({ [variable]: text });
      expect(values[name]).to.deep.equal(value);
      expect(sources[name]).to.equal(variable);
      const others = Object.entries(sources).filter(([one]) => one !== name);
      expect(new Set(others.map(([, source]) => source))).to.deep.equal(new Set(['default']));
    });
  }

  it('has a name in the environment for all that can be set there', () => {
    expect(Object.keys(ENVIRONMENT_NAMES)).to.have.members(
      SETTING_NAMES.filter((name) => LEVELS_OF[name].includes('environment')),
    );
  });

  it('is the mode that was asked for in this run, where it is stricter', () => {
    const { values, sources } = settled({ ROTATION_MODE: 'no-delete' }, 'audit');
    expect([values.mode, sources.mode]).to.deep.equal(['audit', 'this run']);
    const { sources: without } = settled({}, 'audit');
    expect(without.mode).to.equal('default');
  });

  it('is nothing for what is blank', () => {
    expect(settled({ ROTATION_MODE: ' ', ROTATION_ROTATE_AFTER_DAYS: '' }).sources).to.include({
      mode: 'default',
      rotateAfter: 'default',
    });
  });
});
