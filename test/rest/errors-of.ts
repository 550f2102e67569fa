import { RequestValidationError, type ValidationItem } from '../../src/rest/validation.ts';

/** The items with which a parser refuses its input; throws when it accepts it. */
export function errorsOf(parse: () => unknown): ValidationItem[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof RequestValidationError) return error.items;
    throw error;
  }
  throw new Error('accepted');
}
