import { z } from 'zod';
import { components } from './components.ts';

/** A JSON schema of draft 2020-12, which is what OpenAPI 3.1 has. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const PLACE = '#/components/schemas/';

// What clients send, and not what our parsers make of it; for answers the two are the same, and open for further keys.
const OPTIONS = { io: 'input', unrepresentable: 'any', override: tidy } as const;

/** The schemas that have a name, by name. */
export function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(components, { ...OPTIONS, uri: id => PLACE + id });
  return Object.fromEntries(
    Object.entries(schemas)
      .map(([id, { $schema, $id, ...schema }]) => [id, schema] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A schema where it is used: a reference where it has a name, and else all of it. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  const id = components.get(schema)?.id;
  if (id !== undefined) return { $ref: PLACE + id };
  const { $schema, ...inline } = z.toJSONSchema(schema, OPTIONS);
  return inline;
}

/** Says `type: [x, null]` where zod says anyOf, and leaves out what says nothing. */
function tidy({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  const [value, nothing, ...others] = jsonSchema.anyOf ?? [];
  if (typeof value === 'object' && typeof nothing === 'object' && others.length === 0) {
    if (nothing.type === 'null' && typeof value.type === 'string') {
      delete jsonSchema.anyOf;
      Object.assign(jsonSchema, value, { type: [value.type, 'null'] });
      if (value.enum) jsonSchema.enum = [...value.enum, null];
    }
  }
  if (jsonSchema.propertyNames) {
    delete jsonSchema.propertyNames;
    jsonSchema.additionalProperties = true;
  }
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
