import { readFileSync } from 'node:fs';
import { array, type InferOutput, object, optional, parse, picklist, record, string, unknown } from 'valibot';

const Resource = object({ Type: string(), Properties: optional(record(string(), unknown()), {}) });
const Template = object({ Resources: record(string(), Resource) });
const Role = object({
  Policies: array(object({ PolicyDocument: object({ Statement: array(unknown()) }) })),
});
const WithEnvironment = object({ Environment: object({ Variables: record(string(), string()) }) });
const Statement = object({ Effect: picklist(['Allow', 'Deny']), Action: array(string()), Resource: unknown() });

export type Properties = InferOutput<typeof Resource>['Properties'];

/** The properties of every resource of one type in a CloudFormation template. */
export function resourcesOfType(file: string, type: string): Properties[] {
  const template = parse(Template, JSON.parse(readFileSync(file, 'utf8')));
  return Object.values(template.Resources)
    .filter((resource) => resource.Type === type)
    .map((resource) => resource.Properties);
}

/** Every action that a role allows. */
export function allowedActions(role: Properties): string[] {
  return parse(Role, role)
    .Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map((statement) => parse(Statement, statement))
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action);
}

/** The names of the variables that a function gets. */
export function environmentNames(lambda: Properties | undefined): string[] {
  return Object.keys(environmentOf(lambda));
}

/** The variables that a function gets. */
export function environmentOf(lambda: Properties | undefined): Readonly<Record<string, string>> {
  return parse(WithEnvironment, lambda).Environment.Variables;
}
