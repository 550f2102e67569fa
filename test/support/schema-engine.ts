import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const WASM = fileURLToPath(
  new URL('../../node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm', import.meta.url),
);

/** PostgreSQL's one-byte "char", which its catalogs use but the adapter does not support. */
const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * Returns the SQL that Prisma would run to bring a database to `schema`; a comment if nothing is missing. The result is that
 * of `prisma migrate diff`, from the same engine, without the binary that it would download.
 */
export async function diffFromSchema(url: string, schema: string): Promise<string> {
  await loadEngine();
  const pool = new pg.Pool({ connectionString: url });
  try {
    const files = [{ path: 'schema.prisma', content: schema }];
    const schemaEngine = await engine.SchemaEngine.new(
      { datamodels: [['schema.prisma', schema]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(readingCatalogs(pool)),
    );
    const { stdout } = await schemaEngine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '.' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout ?? '';
  } finally {
    await pool.end();
  }
}

let loaded: Promise<void> | undefined;

function loadEngine(): Promise<void> {
  loaded ??= (async () => {
    const { instance } = await WebAssembly.instantiate(readFileSync(WASM), {
      './schema_engine_bg.js': engine,
    });
    engine.__wbg_set_wasm(instance.exports);
    // The module's own start-up function, which the typings omit.
    (instance.exports.__wbindgen_start as () => void)();
  })();
  return loaded;
}

/** Returns the stock adapter, extended to read "char" columns. */
function readingCatalogs(pool: pg.Pool): PrismaPg {
  const chars = new Set<string>();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>;
  const noticing = async (...args: unknown[]) => {
    const result = await query(...args);
    for (const field of result.fields) {
      if (field.dataTypeID !== CHAR_OID) continue;
      chars.add(field.name);
      field.dataTypeID = TEXT_OID;
    }
    return result;
  };
  Object.assign(pool, { query: noticing });
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    connect: async () => withChars(await connect(), chars),
  });
}

function withChars<A extends SqlDriverAdapter>(adapter: A, chars: ReadonlySet<string>): A {
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    async queryRaw(params: Parameters<A['queryRaw']>[0]) {
      const result = await queryRaw(params);
      const columnTypes = result.columnTypes.map((type, i) =>
        chars.has(result.columnNames[i] ?? '') ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    },
  });
}
