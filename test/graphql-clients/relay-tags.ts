import type { Plugin } from 'vitest/config';

const TAG = /graphql`\s*(?:query|mutation)\s+(\w+)[^`]*`/g;

/** Puts Relay's compiled artifacts in the place of the tags of the example, as babel-plugin-relay does. */
export function relayTags(): Plugin {
  return {
    name: 'relay-tags',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/graphql-clients/examples/relay/')) return;
      const artifacts = [...code.matchAll(TAG)].map(
        ([, name]) => `import ${name}Artifact from './__generated__/${name}.graphql.ts';`,
      );
      return [...artifacts, code.replaceAll(TAG, '$1Artifact')].join('\n');
    },
  };
}
