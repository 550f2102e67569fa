import { readFileSync } from 'node:fs';
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, printSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

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

  test('gives out no invitation token', () => {
    const fields = Object.values(schema.getTypeMap()).flatMap(type =>
      isObjectType(type) ? Object.keys(type.getFields()) : [],
    );
    expect(fields.filter(name => /invitationToken(?!ExpiresAt)/i.test(name))).toEqual([]);
  });
});
