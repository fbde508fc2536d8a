import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Refused {
  readonly type: string;
  /** Only where it has this property. */
  readonly having?: string;
}

/**
 * What MiniStack 1.5 has no handler for, and refuses whole templates for; of alarms it takes those of one metric only. These,
 * and what stands on them, are left out of what is deployed there.
 */
const REFUSED: readonly Refused[] = [
  { type: 'AWS::CloudWatch::Alarm', having: 'Metrics' },
  { type: 'AWS::CloudWatch::CompositeAlarm' },
  { type: 'AWS::EC2::EIP' },
  { type: 'AWS::EC2::FlowLog' },
  { type: 'AWS::EC2::NatGateway' },
  { type: 'AWS::EC2::SecurityGroupEgress' },
  { type: 'AWS::EC2::SecurityGroupIngress' },
  { type: 'AWS::Glue::Registry' },
];

interface Resource {
  readonly Type: string;
  DependsOn?: string | readonly string[];
  Properties?: Record<string, unknown>;
}

/** A template of CloudFormation, as far as it is changed here. */
export interface EmulatedTemplate {
  Resources: Record<string, Resource>;
}

const isRefused = ({ Type, Properties = {} }: Resource): boolean =>
  REFUSED.some(({ type, having }) => type === Type && (having === undefined || having in Properties));

/**
 * Takes out of a template what the emulator refuses, and what stands on that (the routes to a NAT gateway).
 *
 * @returns the type of each resource that was left out
 */
export const leaveOutRefused = (template: EmulatedTemplate): readonly string[] => {
  const kept = new Map(Object.entries(template.Resources));
  const left: string[] = [];
  const gone = new Set<string>();
  const refersToGone = (resource: Resource): boolean => {
    const text = JSON.stringify({ ...resource, DependsOn: undefined });
    return [...gone].some((id) => text.includes(`{"Ref":"${id}"}`) || text.includes(`"Fn::GetAtt":["${id}"`));
  };
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const [id, resource] of kept) {
      if (!isRefused(resource) && !refersToGone(resource)) continue;
      kept.delete(id);
      gone.add(id);
      left.push(resource.Type);
    }
  }
  for (const resource of kept.values()) {
    if (resource.DependsOn === undefined) continue;
    resource.DependsOn = [resource.DependsOn].flat().filter((id) => !gone.has(id));
  }
  template.Resources = Object.fromEntries(kept);
  return left;
};

/** Which file is published under which hash. */
interface Assets {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
}

/**
 * Changes the template of a stack where its synthesis lies; CDK deploys what it finds there. It publishes a template under
 * its hash, and takes one that it has published already, so the hash changes too.
 *
 * @param folder of the synthesis
 * @param stack by the id of its construct
 */
export const changeTemplate = <Told>(
  folder: string,
  stack: string,
  change: (template: EmulatedTemplate) => Told,
): Told => {
  const path = `${stack}.template.json`;
  const template: EmulatedTemplate = JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const told = change(template);
  const text = JSON.stringify(template);
  writeFileSync(join(folder, path), text);
  const listed = `${stack}.assets.json`;
  const assets: Assets = JSON.parse(readFileSync(join(folder, listed), 'utf8'));
  const [old = ''] = Object.entries(assets.files).find(([, { source }]) => source.path === path) ?? [];
  const hash = createHash('sha256').update(text).digest('hex');
  for (const file of [listed, 'manifest.json'].map((name) => join(folder, name))) {
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(old, hash));
  }
  return told;
};
