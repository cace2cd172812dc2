import { create, readTemplate, type Resource } from './cloudformation.ts';

export const file = (name: string): URL => new URL(`../../resources/${name}.yml`, import.meta.url);

/** The only role of a template of resources/. */
export function roleOf(name: string, parameters: Readonly<Record<string, string>>): Resource {
  const [role, ...others] = Object.values(create(readTemplate(file(name)), parameters).resources);
  if (role?.Type !== 'AWS::IAM::Role' || others.length > 0) throw new Error(`${name}: not just one role`);
  return role;
}
