import type { Template } from 'aws-cdk-lib/assertions';

/** One statement of a role, with references as text. */
export interface Right {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly hasNotResource: boolean;
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** A resource as a reader would write it: parameters by the last part of their name, account and region left out. */
const textOf = (node: unknown): string => {
  if (typeof node === 'string') return node;
  const [[kind, value] = ['', '']] = Object.entries(node ?? {});
  if (kind === 'Fn::Join' && Array.isArray(value)) return listOf(value[1]).map(textOf).join('');
  if (kind === 'Fn::Select') return 'CLUSTER';
  if (kind === 'Fn::GetAtt' && Array.isArray(value)) return `<${value.join('.')}>`;
  const known = /^SsmParameterValueqr(?:dev|staging|prod)(.+?)C96584B6/.exec(String(value))?.[1];
  return known === undefined ? '' : `<${known}>`;
};

/** The statements of each role of the functions, by the function's name without the environment. */
export const rightsIn = (template: Template): ReadonlyMap<string, readonly Right[]> => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  return new Map(
    functions.map(({ Properties: { FunctionName, Role } }) => {
      const [role] = Role['Fn::GetAtt'];
      const statements = policies
        .filter(({ Properties: { Roles } }) => listOf(Roles).some((one) => JSON.stringify(one) === `{"Ref":"${role}"}`))
        .flatMap(({ Properties }) => listOf(Properties.PolicyDocument.Statement));
      return [String(FunctionName).replace(/^qr-[a-z]+-/, ''), statements.map(rightOf)];
    }),
  );
};

/** The statements of the roles whose logical id matches. */
export const rightsOf = (template: Template, role: RegExp): readonly Right[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties: { Roles } }) => listOf(Roles).some((one) => role.test(JSON.stringify(one))))
    .flatMap(({ Properties }) => listOf(Properties.PolicyDocument.Statement))
    .map(rightOf);

const rightOf = (statement: unknown): Right => {
  const fields = new Map(Object.entries(statement ?? {}));
  return {
    effect: String(fields.get('Effect')),
    actions: listOf(fields.get('Action')).map(String),
    resources: listOf(fields.get('Resource')).map(textOf),
    hasNotResource: fields.has('NotResource'),
  };
};

/** What may be done with resources whose text matches, e.g. the topics that may be written. */
export const allowed = (rights: readonly Right[], action: string, pattern: RegExp): readonly string[] =>
  [
    ...new Set(
      rights
        .filter(({ effect, actions }) => effect === 'Allow' && actions.includes(action))
        .flatMap(({ resources }) => resources)
        .flatMap((resource) => pattern.exec(resource)?.[1] ?? []),
    ),
  ].sort();
