import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect } from 'chai';
import { settingsFileSchema } from '../../src/config/file-schema.ts';
import { namesFor } from '../../src/config/setting-schema.ts';
import { SETTING_NAMES } from '../../src/domain/settings/setting.ts';
import { settingsPages, type Page } from '../../scripts/settings-pages.ts';

describe('what is published about settings', function () {
  let pages: readonly Page[] = [];
  before(async () => {
    pages = await settingsPages();
  });

  it('is up to date: else run npm run docs', () => {
    expect(pages.map(({ file }) => relative('.', file))).to.deep.equal([
      'docs/settings.md',
      'docs/settings.schema.json',
      'docs/evidence.schema.json',
    ]);
    for (const { file, text } of pages) {
      expect(readFileSync(file, 'utf8') === text, `${file}: run npm run docs`).to.equal(true);
    }
  });

  it('explains every setting', () => {
    const [guide] = pages;
    for (const name of SETTING_NAMES)
      expect(guide?.text).to.match(new RegExp(`^\\| \`${name}\` +\\| [A-Z]`, 'm'));
    expect(guide?.text).not.to.match(/<!-- (?!Made by)/);
  });
});

interface Schema {
  readonly type?: string;
  readonly $id?: string;
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false | Schema;
  readonly propertyNames?: { readonly pattern?: string };
}

describe('the schema of the file', () => {
  const schema = settingsFileSchema() as Schema;
  const { organization, organizationalUnits, accounts } = schema.properties ?? {};
  const inMap = (map: Schema | undefined): Schema =>
    map?.additionalProperties === false ? {} : (map?.additionalProperties ?? {});
  const namesIn = (level: Schema | undefined) => Object.keys(level?.properties ?? {});

  it('says what it is', () => {
    expect(schema).to.include({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:access-key-rotation:settings',
      title: 'Settings of access-key-rotation',
    });
  });

  it('knows the settings of each level, and no others', () => {
    const users = inMap(inMap(accounts).properties?.['users']);
    expect(namesIn(organization)).to.have.members([...namesFor('organization'), 'final']);
    expect(namesIn(inMap(organizationalUnits))).to.have.members([
      ...namesFor('organizational-unit'),
      'final',
    ]);
    expect(namesIn(inMap(accounts))).to.have.members([...namesFor('account'), 'final', 'users']);
    expect(namesIn(users)).to.have.members([...namesFor('user')]);
    for (const level of [organization, inMap(organizationalUnits), inMap(accounts), users, schema]) {
      expect(level?.additionalProperties).to.equal(false);
    }
  });

  it('explains every setting', () => {
    for (const name of namesFor('organization')) {
      expect(organization?.properties?.[name]?.description, name).to.match(/\.$/);
    }
  });

  it('knows what ids look like', () => {
    expect(accounts?.propertyNames?.pattern).to.equal('^\\d{12}$');
    expect(new RegExp(organizationalUnits?.propertyNames?.pattern ?? '').test('ou-ab12-34cd56ef')).to.equal(
      true,
    );
  });
});
