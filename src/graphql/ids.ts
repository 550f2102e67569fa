import { createHash } from 'node:crypto';
import SchemaBuilder, {
  BasePlugin,
  createInputValueMapper,
  mapInputFields,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  unwrapInputFieldType,
} from '@pothos/core';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Returns the UUID for an `ID` of an input: a UUID in lower case, or for any other text a UUID that names nothing and that
 * no other text maps to. So a malformed id counts as unknown everywhere.
 */
function uuidOfId(id: string): string {
  const lower = id.toLowerCase();
  return UUID.test(lower) ? lower : uuidOfName(id);
}

/** Returns the name-based UUID of a text, which names nothing: version 8 of RFC 9562, with SHA-256. */
export function uuidOfName(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const CHOSEN = 'isChosenId';

/** The extensions of an input field whose id the caller chooses. The resolver gets the text and must check it. */
export const CHOSEN_ID = { [CHOSEN]: true } as const;

/** Passes resolvers UUIDs instead of the ids in their arguments. Pothos does not allow replacing the scalar. */
class UuidsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(
    field: PothosOutputFieldConfig<Types>,
  ): PothosOutputFieldConfig<Types> {
    const ids = mapInputFields(field.args, this.buildCache, ({ type, extensions }) => {
      if (extensions?.[CHOSEN]) return null;
      return this.buildCache.getTypeConfig(unwrapInputFieldType(type)).name === 'ID' ? true : null;
    });
    if (!ids) return field;
    const mapIds = createInputValueMapper(ids, id => uuidOfId(String(id)));
    return { ...field, argMappers: [...(field.argMappers ?? []), args => mapIds(args)] };
  }
}

export const UUIDS_PLUGIN = 'uuids';

SchemaBuilder.registerPlugin(UUIDS_PLUGIN, UuidsPlugin);

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      uuids: UuidsPlugin<Types>;
    }
  }
}
