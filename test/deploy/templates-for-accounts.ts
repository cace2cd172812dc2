import { create, readTemplate, type Resource } from './cloudformation.ts';
import { REQUIRED } from './packaged.ts';

export const file = (name: string): URL => new URL(`../../resources/${name}.yml`, import.meta.url);

/** What the templates for accounts have to be told, as the service is. */
export const AGREED = { ExternalId: REQUIRED.externalId, OrganizationId: REQUIRED.organizationId };

/** The only role of a template of resources/. @param parameters besides {@link AGREED}, or instead of it */
export function roleOf(name: string, parameters: Readonly<Record<string, string>>): Resource {
  const { resources } = create(readTemplate(file(name)), { ...AGREED, ...parameters });
  const [role, ...others] = Object.values(resources);
  if (role?.Type !== 'AWS::IAM::Role' || others.length > 0) throw new Error(`${name}: not just one role`);
  return role;
}
