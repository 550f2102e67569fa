import { type HashedAsset, hashedAsset } from '../hashed-assets.ts';

/** Where GraphiQL's files are served. */
export const GRAPHIQL_FOLDER = '/graphiql';

/** The files that GraphiQL consists of. */
export interface GraphiQLAssets {
  /** What the page loads, in order. */
  page: readonly HashedAsset[];
  /** The editor's workers, by the editor's names for them. */
  workers: Record<'editorWorkerService' | 'json' | 'graphql', HashedAsset>;
}

/** Reads GraphiQL's files. They are large, so they are loaded only when first needed. */
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

/** The editor treats an unknown scalar as a text or a number, and would underline an object. */
function withJsonScalars(worker: string): string {
  return worker.replace(SCALARS, `${SCALARS} JSON: {}, JSONObject: { type: "object" },`);
}

const PAGE_STYLE = `
body { margin: 0; }
#root { height: 100dvh; }
`;

/** Starts GraphiQL with the page's settings. It is a separate file, because the page's policy forbids inline scripts. */
const PAGE_SCRIPT = `
const { workers, kept, options } = JSON.parse(document.getElementById('settings').textContent);
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => workers[label] };
if (kept && localStorage.getItem('usher:tabs') !== kept['usher:tabs']) {
  for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value);
}
YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), options);
`;
