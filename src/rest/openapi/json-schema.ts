import { z } from 'zod';
import { components } from './components.ts';

/** A JSON schema of draft 2020-12, the dialect of OpenAPI 3.1. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const BASE = '#/components/schemas/';

// `input` describes what clients send, before any transformation. For answers both are the same, and allow further keys.
const OPTIONS = { io: 'input', unrepresentable: 'any', override: tidy } as const;

/** Returns the named schemas by name. */
export function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(components, { ...OPTIONS, uri: id => BASE + id });
  return Object.fromEntries(
    Object.entries(schemas)
      .map(([id, { $schema, $id, ...schema }]) => [id, schema] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Returns a reference to a named schema, or else the schema itself. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  const id = components.get(schema)?.id;
  if (id !== undefined) return { $ref: BASE + id };
  const { $schema, ...inline } = z.toJSONSchema(schema, OPTIONS);
  return inline;
}

/** Replaces zod's `anyOf` of a type and null with `type: [x, null]`, and removes redundant keywords. */
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
