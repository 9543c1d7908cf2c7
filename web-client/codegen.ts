import type { CodegenConfig } from '@graphql-codegen/cli';

// Types of the operations in src/, from the schema that the router serves. Scalars are what JSON carries;
// what has no known form is `unknown`, so that it can't be used unchecked.
const config: CodegenConfig = {
  schema: '../schema/api.graphql',
  documents: ['src/**/*.tsx', 'src/**/*.ts', '!src/gql/**'],
  ignoreNoDocuments: true,
  generates: {
    './src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: { unmaskFunctionName: 'readFragment' } },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: { DateTime: 'string', Decimal: 'string', JSON: 'unknown' },
      },
    },
  },
};

export default config;
