import { RequestValidationError, type ValidationItem } from '../../src/rest/validation.ts';

/** Returns the items of a parser's error. Throws if the parser accepts its input. */
export function errorsOf(parse: () => unknown): ValidationItem[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof RequestValidationError) return error.items;
    throw error;
  }
  throw new Error('accepted');
}
