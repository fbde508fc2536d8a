import { parse } from 'yaml';

/** A CloudFormation template, as far as the checks read it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** A template from its text: JSON, or YAML, as CloudFormation may hand out either. */
export const templateOf = (text: string): Template => parse(text) ?? {};

/** The resources of one type, with their logical ids. */
export const resourcesOf = (
  { Resources = {} }: Template,
  type: string,
): readonly { readonly id: string; readonly properties: Readonly<Record<string, unknown>> }[] =>
  Object.entries(Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {} }]) => ({ id, properties: Properties }));
