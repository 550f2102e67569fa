import { readdirSync, readFileSync } from 'node:fs';
import {
  type FieldNode,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  printSchema,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const OPERATIONS = new URL('../../schema/operations/', import.meta.url);

describe('the schema', () => {
  test('is the one that is checked in', () => {
    const printed = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
    const withoutRoot = printed.slice(printed.indexOf('}') + 1);
    const names = (sdl: string) =>
      [...sdl.matchAll(/^(?:type|input|enum|union|interface|scalar) (\w+)/gm)].map(m => m[1]);
    expect(names(withoutRoot)).toEqual(names(printSchema(schema)));
  });

  test('describes every one of its elements', () => {
    const bare: string[] = [];
    const see = (name: string, description: string | null | undefined) => {
      if (!description) bare.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      see(type.name, type.description);
      if (isEnumType(type)) {
        for (const value of type.getValues()) see(`${type.name}.${value.name}`, value.description);
      }
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          see(`${type.name}.${field.name}`, field.description);
          if (!('args' in field)) continue;
          for (const arg of field.args)
            see(`${type.name}.${field.name}(${arg.name})`, arg.description);
        }
      }
    }
    expect(bare).toEqual([]);
  });

  test('has an operation with each of its fields', () => {
    const selected = new Set<string>();
    for (const file of readdirSync(OPERATIONS)) {
      const types = new TypeInfo(schema);
      const document = parse(readFileSync(new URL(file, OPERATIONS), 'utf8'));
      const Field = ({ name }: FieldNode) => {
        selected.add(`${types.getParentType()?.name}.${name.value}`);
      };
      visit(document, visitWithTypeInfo(types, { Field }));
    }
    const missing = Object.values(schema.getTypeMap())
      .filter(type => isObjectType(type))
      // The nodes of a page show the same as its edges.
      .filter(({ name }) => !name.startsWith('__') && !name.endsWith('Edge'))
      .flatMap(type =>
        Object.keys(type.getFields())
          .filter(field => field !== 'edges')
          .filter(field =>
            [type, ...type.getInterfaces()].every(({ name }) => !selected.has(`${name}.${field}`)),
          )
          .map(field => `${type.name}.${field}`),
      );
    expect(missing).toEqual([]);
  });

  test('gives out no invitation token', () => {
    const fields = Object.values(schema.getTypeMap()).flatMap(type =>
      isObjectType(type) ? Object.keys(type.getFields()) : [],
    );
    expect(fields.filter(name => /invitationToken(?!ExpiresAt)/i.test(name))).toEqual([]);
  });
});
