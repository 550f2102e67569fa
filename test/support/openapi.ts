import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describeApi, type OpenApiDocument } from '../../src/rest/openapi/document.ts';

/** The parts of an answer that the API's description covers. */
interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: unknown;
}

/**
 * Checks an answer against the API's description: its status, content type, challenge and body, which may have no
 * undescribed keys. Throws if they differ. Ignores a request for which the description has no operation.
 */
export async function expectDescribed(method: string, path: string, answer: Answer): Promise<void> {
  described ??= describeAnswers();
  const [pathname = ''] = path.split('?');
  const operation = (await described).find(
    candidate => candidate.method === method && candidate.path.test(pathname),
  );
  const problem = operation?.problemOf(answer);
  if (operation === undefined || problem === undefined) return;
  const { name } = operation;
  throw new Error(
    `${method} ${path} answered ${answer.status} ${answer.text}, which ${name} does not describe: ${problem}`,
  );
}

let described: Promise<DescribedOperation[]> | undefined;

interface DescribedOperation {
  name: string;
  method: string;
  path: RegExp;
  problemOf(answer: Answer): string | undefined;
}

async function describeAnswers(): Promise<DescribedOperation[]> {
  const document = await describeApi();
  const check = checker(document);
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, responses }]) => ({
      name: operationId,
      method: method.toUpperCase(),
      path: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
      problemOf({ status, headers, text, body }: Answer) {
        const response = responses[status];
        if (!response) return `there is no status ${status}`;
        if (status === 401 && !headers.has('www-authenticate')) return 'there is no challenge';
        const [type = ''] = (headers.get('content-type') ?? '').split(';');
        if (!(type in response.content)) return `there is no content type ${type || '(none)'}`;
        const place = ['paths', path, method, 'responses', String(status), 'content', type];
        return check([...place, 'schema'], type === 'application/json' ? body : text);
      },
    })),
  );
}

/**
 * Returns a function that checks a value against the schema at a place of the document, and returns what is wrong; undefined
 * if nothing is.
 */
export function checker(
  document: OpenApiDocument,
): (place: readonly string[], value: unknown) => string | undefined {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('uuid4', true);
  ajv.addSchema(closed(document), 'openapi');
  return (place, value) => {
    const keys = place.map(key => key.replaceAll('~', '~0').replaceAll('/', '~1'));
    // Compiled on the first call and cached.
    const validate = ajv.getSchema(`openapi#/${keys.map(encodeURIComponent).join('/')}`);
    if (!validate) return `there is no schema at ${place.join(' ')}`;
    return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'body' });
  };
}

/** Returns the same document, but with objects that allow only the described keys. */
function closed(document: OpenApiDocument): object {
  return JSON.parse(JSON.stringify(document), (_, value) =>
    isSchemaOfObject(value) && !('additionalProperties' in value)
      ? { ...value, additionalProperties: false }
      : value,
  );
}

function isSchemaOfObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'properties' in value;
}
