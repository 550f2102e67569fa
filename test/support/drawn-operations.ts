import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';

/** A drawn document with operations to execute. */
export interface DrawnDocument {
  text: string;
  operations: {
    name: string;
    /** Draws values for its variables: absent, null, good and bad ones. */
    variables: (draw: Draw) => Record<string, unknown>;
  }[];
}

/** Draws a number below `choices`; 0 is the simplest choice. */
export type Draw = (choices: number) => number;

/** Draws from a list of numbers, then 0, so that a shorter list makes a simpler document. */
export function drawFrom(tape: readonly number[]): Draw {
  let at = 0;
  return choices => {
    const drawn = tape[at] ?? 0;
    at += 1;
    return drawn % choices;
  };
}

interface Variable {
  name: string;
  type: GraphQLInputType;
  default: string | undefined;
}

/** The variables and fragments that a fragment or an operation uses, so that each operation can define its variables. */
interface Uses {
  variables: Set<string>;
  fragments: Set<string>;
}

const DEEPEST = 5;
const SCALAR_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1, 0, -3, 2_147_483_647],
  Float: [1.5, 2],
  Boolean: [true, false],
  String: ['a', '', 'é "quoted" \\ and\nmore'],
  ID: ['c56a4180-65aa-42ec-a945-5fd21dec0538', 'one', 7],
  EmailAddress: ['sam@globex.example'],
  DateTime: ['2026-01-02T03:04:05.678Z'],
  JSONObject: [{ a: 1, b: [null, { c: 'd' }] }, {}],
};
const BAD_VALUES: readonly unknown[] = [{ no: 'such' }, ['x', 1], 'x', 1.5, true];

/** Draws a document that the schema's types allow; validation may still refuse it. */
export function drawDocument(schema: GraphQLSchema, drawn: Draw): DrawnDocument {
  let draw = drawn;
  const variables = new Map<string, Variable>();
  const fragments = new Map<string, { text: string; uses: Uses }>();
  const oneOf = <Item>(items: readonly Item[]): Item => {
    const item = items[draw(items.length)];
    if (item === undefined) throw new Error('nothing to draw from');
    return item;
  };
  const chance = (outOf: number) => draw(outOf) === outOf - 1;

  function variable(type: GraphQLInputType, uses: Uses, hasDefault: boolean): string {
    const fitting = [...variables.values()].filter(({ type: known }) => `${known}` === `${type}`);
    if (fitting.length > 0 && chance(2)) {
      const { name } = oneOf(fitting);
      uses.variables.add(name);
      return `$${name}`;
    }
    const name = `v${variables.size}`;
    // If the position or the variable has a default, the variable's type may be nullable.
    const loose = isNonNullType(type) && (hasDefault || chance(3)) ? type.ofType : type;
    const needsDefault = loose !== type && !hasDefault;
    const ownDefault =
      needsDefault || chance(3) ? literal(loose, undefined, needsDefault) : undefined;
    variables.set(name, { name, type: loose, default: ownDefault });
    uses.variables.add(name);
    return `$${name}`;
  }

  /** Draws a literal of the type; with variables in it if `uses` is given. */
  function literal(type: GraphQLInputType, uses: Uses | undefined, isRequired = false): string {
    if (isNonNullType(type)) return literal(type.ofType, uses, true);
    if (!isRequired && chance(6)) return 'null';
    if (isListType(type)) {
      if (chance(4)) return literal(type.ofType, uses, true);
      const items = Array.from({ length: draw(3) }, () => value(type.ofType, uses, false));
      return `[${items.join(', ')}]`;
    }
    if (isEnumType(type)) return oneOf(type.getValues()).name;
    if (isScalarType(type)) return written(oneOf(SCALAR_VALUES[type.name] ?? ['x']));
    const fields = Object.values(type.getFields());
    const chosen = type.isOneOf ? [oneOf(fields)] : fields.filter(wanted);
    const members = chosen.map(field => {
      const needs = type.isOneOf ? { ...field, isRequired: true } : field;
      return `${field.name}: ${value(field.type, uses, hasDefault(needs), type.isOneOf)}`;
    });
    return `{ ${members.join(', ')} }`;
  }

  function wanted(field: GraphQLInputField | GraphQLArgument): boolean {
    return (isNonNullType(field.type) && !hasDefault(field)) || chance(2);
  }

  /** Draws a variable or a literal. */
  function value(
    type: GraphQLInputType,
    uses: Uses | undefined,
    withDefault: boolean,
    isRequired = false,
  ): string {
    return uses && chance(2) ? variable(type, uses, withDefault) : literal(type, uses, isRequired);
  }

  function directives(uses: Uses): string {
    if (!chance(8)) return '';
    const name = oneOf(['include', 'skip']);
    const condition = chance(2) ? conditionVariable(uses) : oneOf(['true', 'false']);
    return ` @${name}(if: ${condition})`;
  }

  function conditionVariable(uses: Uses): string {
    const name = `c${draw(3)}`;
    uses.variables.add(name);
    const type = schema.getType('Boolean');
    if (!isScalarType(type)) throw new Error('no Boolean');
    // Nullable with a default, which null may replace.
    variables.set(name, { name, type, default: oneOf(['true', 'false']) });
    return `$${name}`;
  }

  function field(parent: GraphQLNamedType, uses: Uses, depth: number): string {
    const fields: GraphQLField<unknown, unknown>[] =
      isObjectType(parent) || isInterfaceType(parent) ? Object.values(parent.getFields()) : [];
    const usable = fields.filter(
      ({ type }) => depth < DEEPEST || !isCompositeType(getNamedType(type)),
    );
    if (usable.length === 0 || chance(12)) return `${alias()}__typename${directives(uses)}`;
    const chosen = oneOf(usable);
    const named = getNamedType(chosen.type);
    const given = chosen.args.filter(wanted);
    const args = given.map(arg => `${arg.name}: ${value(arg.type, uses, hasDefault(arg))}`);
    const below = isCompositeType(named) ? ` ${selection(named, uses, depth + 1)}` : '';
    return `${alias()}${chosen.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${directives(uses)}${below}`;
  }

  let aliases = 0;
  function alias(): string {
    if (!chance(3)) return '';
    aliases += 1;
    return `${oneOf([`a${aliases}`, `a${aliases}`, 'then', 'constructor', '__proto__', 'toJSON'])}: `;
  }

  function selection(type: GraphQLNamedType, uses: Uses, depth: number): string {
    const parts = Array.from({ length: 1 + draw(4) }, () => {
      if (!chance(4)) return field(type, uses, depth);
      const on = oneOf(typesWithin(type));
      if (chance(2)) return `...${fragment(on, uses, depth)}${directives(uses)}`;
      const condition = chance(3) && on === type ? '' : ` on ${on.name}`;
      return `...${condition}${directives(uses)} ${selection(on, uses, depth)}`;
    });
    return `{ ${parts.join(' ')} }`;
  }

  function fragment(on: GraphQLNamedType, uses: Uses, depth: number): string {
    const known = [...fragments].filter(([, { text }]) => text.includes(` on ${on.name} `));
    const [name] = known.length > 0 && chance(2) ? oneOf(known) : [newFragment(on, depth)];
    uses.fragments.add(name);
    return name;
  }

  function newFragment(on: GraphQLNamedType, depth: number): string {
    const uses: Uses = { variables: new Set(), fragments: new Set() };
    const body = selection(on, uses, depth + 1);
    const name = `F${fragments.size}`;
    fragments.set(name, { text: `fragment ${name} on ${on.name} ${body}`, uses });
    return name;
  }

  function typesWithin(type: GraphQLNamedType): GraphQLNamedType[] {
    if (isAbstractType(type)) {
      return [...schema.getPossibleTypes(type), ...(isUnionType(type) ? [] : [type])];
    }
    return isObjectType(type) ? [type, ...type.getInterfaces()] : [type];
  }

  const operations = Array.from({ length: 1 + draw(2) }, (_, index) => {
    const kind = oneOf(['query', 'mutation'] as const);
    const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    if (!root) throw new Error(`no ${kind}`);
    const uses: Uses = { variables: new Set(), fragments: new Set() };
    const body = selection(root, uses, 0);
    return { kind, name: `Op${index}`, body, uses };
  });

  function definedIn({ variables: own, fragments: spread }: Uses): Set<string> {
    const all = new Set(own);
    for (const name of spread) {
      const below = fragments.get(name)?.uses;
      if (below) for (const used of definedIn(below)) all.add(used);
    }
    return all;
  }

  const defined = operations.map(({ kind, name, body, uses }) => {
    const own = [...definedIn(uses)].flatMap(used => variables.get(used) ?? []);
    const definitions = own.map(
      ({ name: own, type, default: given }) => `$${own}: ${type}${given ? ` = ${given}` : ''}`,
    );
    const head = definitions.length > 0 ? `(${definitions.join(', ')})` : '';
    return { name, own, text: `${kind} ${name}${head} ${body}` };
  });

  /** Draws a value that the type accepts, or sometimes one that it rejects. */
  function given(type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return given(type.ofType) ?? given(type.ofType);
    if (chance(6)) return null;
    if (chance(20)) return oneOf(BAD_VALUES);
    if (isListType(type)) {
      return chance(4)
        ? given(type.ofType)
        : Array.from({ length: draw(3) }, () => given(type.ofType));
    }
    if (isEnumType(type)) return oneOf(type.getValues()).name;
    if (isScalarType(type)) return oneOf(SCALAR_VALUES[type.name] ?? ['x']);
    const fields = Object.values(type.getFields());
    const chosen = type.isOneOf && !chance(5) ? [oneOf(fields)] : fields.filter(wanted);
    return Object.fromEntries(chosen.map(field => [field.name, given(field.type)]));
  }

  return {
    text: [
      ...defined.map(({ text }) => text),
      ...[...fragments.values()].map(({ text }) => text),
    ].join('\n'),
    operations: defined.map(({ name, own }) => ({
      name,
      variables: drawValue => {
        draw = drawValue;
        const values = own.flatMap(({ name, type }) => {
          const isLeftOut = isNonNullType(type) ? chance(20) : chance(3);
          return isLeftOut ? [] : [[name, given(type)]];
        });
        return Object.fromEntries(values);
      },
    })),
  };
}

function hasDefault({ defaultValue }: { defaultValue?: unknown }): boolean {
  return defaultValue !== undefined;
}

/** Writes a JSON value in GraphQL syntax. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${written(item)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}
