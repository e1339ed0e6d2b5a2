// tus-js-client over a folder: every file of it, --parallel at a time; prints one line of JSON:
// {"files", "bytes", "seconds", "failed": [{"name", "status", "answer"}]}. Exit code 1 when something failed.
//
//   node tus_client.mjs --endpoint URL --folder DIR [--parallel 4] [--chunk BYTES] [--retry 0,1000,3000,5000]
//        [--with-creation] [--storage FILE] [--header "Name: value"]... [--sha256] [--false-sha256] [--override]
//
// With --storage the same command goes on where a killed one ended: the library's own way to resume.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DefaultHttpStack, FileUrlStorage, Upload } from "tus-js-client";

const { values: given } = parseArgs({
  options: {
    endpoint: { type: "string" },
    folder: { type: "string" },
    parallel: { type: "string", default: "4" },
    chunk: { type: "string" },
    retry: { type: "string", default: "0,1000,3000,5000" }, // the library's own; "" = never
    "with-creation": { type: "boolean", default: false }, // the first chunk travels with the creation
    storage: { type: "string" },
    header: { type: "string", multiple: true, default: [] },
    sha256: { type: "boolean", default: false }, // the content's hash as metadata, as our centre wants it
    "false-sha256": { type: "boolean", default: false }, // a hash of something else
    override: { type: "boolean", default: false }, // POST with X-HTTP-Method-Override instead of PATCH
  },
});

if (given.storage && !existsSync(given.storage)) writeFileSync(given.storage, "{}"); // its lock needs the file
const urlStorage = given.storage && new FileUrlStorage(given.storage);
// One agent for all: its connections are kept, or every request would pay for a new one.
const httpStack = new DefaultHttpStack({ agent: new Agent({ keepAlive: true, maxSockets: Number(given.parallel) }) });
const headers = Object.fromEntries(given.header.map((line) => line.split(/:\s*/, 2)));
const retryDelays = given.retry === "" ? null : given.retry.split(",").map(Number);

function about(name, content) {
  const metadata = { filename: name, filetype: "application/octet-stream" };
  if (given.sha256) metadata.sha256 = createHash("sha256").update(content).digest("hex");
  if (given["false-sha256"]) metadata.sha256 = createHash("sha256").update(content).update("!").digest("hex");
  return metadata;
}

function send(name) {
  const content = readFileSync(join(given.folder, name));
  return new Promise((resolve) => {
    const upload = new Upload(content, {
      endpoint: given.endpoint,
      chunkSize: given.chunk ? Number(given.chunk) : Number.POSITIVE_INFINITY,
      retryDelays,
      headers,
      metadata: about(name, content),
      uploadDataDuringCreation: given["with-creation"],
      overridePatchMethod: given.override,
      storeFingerprintForResuming: Boolean(urlStorage),
      httpStack,
      ...(urlStorage && { urlStorage }),
      onSuccess: () => resolve({ name, bytes: content.length }),
      onError: (error) =>
        resolve({
          name,
          bytes: 0,
          status: error.originalResponse?.getStatus() ?? 0,
          answer: error.originalResponse?.getBody() ?? String(error),
        }),
    });
    const start = async () => {
      if (urlStorage) {
        // Its file is rewritten in place: a read beside a write fails, and the file begins anew.
        const [previous] = await upload.findPreviousUploads().catch(() => []);
        if (previous) upload.resumeFromPreviousUpload(previous);
      }
      upload.start();
    };
    start();
  });
}

const waiting = readdirSync(given.folder).sort();
const ended = [];
async function lane() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) ended.push(await send(name));
}

const began = performance.now();
await Promise.all(Array.from({ length: Number(given.parallel) }, lane));
const seconds = (performance.now() - began) / 1000;
const failed = ended.filter((one) => "status" in one);
const bytes = ended.reduce((sum, one) => sum + one.bytes, 0);
console.log(JSON.stringify({ files: ended.length - failed.length, bytes, seconds, failed }));
process.exit(failed.length > 0 ? 1 : 0);
