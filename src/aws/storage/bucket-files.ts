import { gunzipSync, gzipSync } from 'node:zlib';
import { parse, stringify } from 'devalue';
import type { RunFiles } from '../../run/ports/run-files.ts';
import type { Bucket } from './bucket.ts';

const JSON_TYPE = 'application/json';
const PACKED = '.devalue.gz';
const PLAIN = '.json';

/** The files of a run in a bucket: packed, or as JSON for Step Functions. The kind is the end of the name. */
export function bucketFiles(bucket: Bucket): RunFiles {
  return {
    write: (name, value) => bucket.put(`${name}${PACKED}`, gzipSync(stringify(value)), 'application/gzip'),
    read: async (name) =>
      understood(await bucket.get(`${name}${PACKED}`), (bytes) => parse(gunzipSync(bytes).toString('utf8'))),
    writeJson: (name, value) => bucket.put(`${name}${PLAIN}`, Buffer.from(JSON.stringify(value)), JSON_TYPE),
    readJson: async (name) =>
      understood(await bucket.get(`${name}${PLAIN}`), (bytes) =>
        JSON.parse(Buffer.from(bytes).toString('utf8')),
      ),
  };
}

function understood(bytes: Uint8Array | undefined, read: (bytes: Uint8Array) => unknown): unknown {
  if (bytes === undefined) return undefined;
  try {
    return read(bytes);
  } catch {
    return undefined;
  }
}
