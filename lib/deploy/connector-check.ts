import { type Resource, resourcesOf, type Template } from './template.ts';

const CONNECTOR = 'AWS::KafkaConnect::Connector';

/** What UpdateConnector can change (AWS::KafkaConnect::Connector: all others are "Update requires: Replacement"). */
const CHANGEABLE = ['ConnectorConfiguration', 'Capacity', 'Tags'];

/** What a connector names by a reference, which stays the same when what it names is made anew. */
const NAMED = ['AWS::KafkaConnect::CustomPlugin', 'AWS::KafkaConnect::WorkerConfiguration'];

/**
 * The connectors that a deployment would have to replace. It fails then: CloudFormation makes the new one before it deletes the
 * old one, and both would have the same name.
 *
 * @returns their names
 */
export const replacedConnectors = (deployed: Template, wanted: Template): readonly string[] => {
  const after = fixedParts(wanted);
  return [...fixedParts(deployed)].flatMap(([name, part]) => {
    const other = after.get(name);
    return other === undefined || other === part ? [] : [name];
  });
};

/** Of each connector what cannot change in place, as text. */
const fixedParts = (template: Template): ReadonlyMap<string, string> =>
  new Map(
    resourcesOf(template, CONNECTOR).map(({ properties }) => [
      String(properties.ConnectorName),
      JSON.stringify(properties, (field, value: unknown) =>
        CHANGEABLE.includes(field) ? undefined : (namedBy(value, template)?.Properties ?? value),
      ),
    ]),
  );

const namedBy = (value: unknown, { Resources = {} }: Template): Resource | undefined => {
  if (typeof value !== 'object' || value === null || !('Ref' in value)) return undefined;
  const named = Resources[String(value.Ref)];
  return named !== undefined && NAMED.includes(named.Type) ? named : undefined;
};
