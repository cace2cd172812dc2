import { defineConfig } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/* Time, chance and environment are data; they come in at the edges. */
const ambient = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'now is data: take it as an argument, or from the Clock.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'now is data: take it as an argument, or from the Clock.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Chance belongs to compose.ts.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'The environment is read in handler.ts, findings.ts, page.ts, map/ and cli.ts only.',
  },
];
const exit = {
  selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
  message: 'Return an exit code; only cli.ts ends the process.',
};

export default defineConfig(
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.serverless/',
      '.esbuild/',
      '.emulator-venv/',
      '.prowler-venv/',
      'coverage/',
    ],
  },
  { files: ['**/*.ts'], extends: [tseslint.configs.strictTypeChecked, prettier] },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Ports are records of functions; none of them has a `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Ports return promises; what stands in for one may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [
      'src/handler.ts',
      'src/findings.ts',
      'src/page.ts',
      'src/map/**',
      'src/cli.ts',
      'src/credentials.ts',
      'src/compose/**',
      'src/config/**',
    ],
    rules: { 'no-restricted-syntax': ['error', ...ambient, exit] },
  },
  { files: ['src/handler.ts'], rules: { 'no-console': 'off' } },
  {
    // chai's assertions are expressions.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
