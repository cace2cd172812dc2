import fc from 'fast-check';

/**
 * Properties are tried with the same values each time, so that a test that fails fails for everybody. Other
 * values every night (.github/workflows/reliability.yml), or with SEED=7.
 */
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 1) });
