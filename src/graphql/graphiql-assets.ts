import { type HashedAsset, hashedAsset } from '../hashed-assets.ts';

/** Where GraphiQL's files are served. */
export const GRAPHIQL_FOLDER = '/graphiql';

/** The files that GraphiQL consists of. */
export interface GraphiQLAssets {
  /** What the page loads, in this order. */
  page: readonly HashedAsset[];
  /** What its editor runs beside it, by the editor's names for them. */
  workers: Record<'editorWorkerService' | 'json' | 'graphql', HashedAsset>;
}

/** Reads GraphiQL's files, which are large, and needed by nobody before this. */
export async function loadGraphiQL(): Promise<GraphiQLAssets> {
  const { css, js, editorWorkerService, jsonWorker, graphqlWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  );
  return {
    page: [
      hashedAsset('graphiql', 'css', css + PAGE_STYLE),
      hashedAsset('graphiql', 'js', js),
      hashedAsset('page', 'js', PAGE_SCRIPT),
    ],
    workers: {
      editorWorkerService: hashedAsset('editor-worker', 'js', editorWorkerService),
      json: hashedAsset('json-worker', 'js', jsonWorker),
      graphql: hashedAsset('graphql-worker', 'js', withJsonScalars(graphqlWorker)),
    },
  };
}

const SCALARS = 'var defaultScalarTypesMap = {';

/** The editor takes a scalar that it does not know for a text or a number, and would underline an object. */
function withJsonScalars(worker: string): string {
  return worker.replace(SCALARS, `${SCALARS} JSON: {}, JSONObject: { type: "object" },`);
}

const PAGE_STYLE = `
body { margin: 0; }
#root { height: 100dvh; }
`;

/** Starts GraphiQL as the page's settings say. It is a file of its own, since the page's policy runs no other. */
const PAGE_SCRIPT = `
const { workers, kept, options } = JSON.parse(document.getElementById('settings').textContent);
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => workers[label] };
if (kept && localStorage.getItem('usher:tabs') !== kept['usher:tabs']) {
  for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value);
}
YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), options);
`;
