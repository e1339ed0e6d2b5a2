// @tus/server over a folder, on a loopback port of its own; prints its address. A finished upload is FOLDER/<id>, what the
// client said of it FOLDER/<id>.json.
//
//   node tus_server.mjs --folder DIR [--path /files] [--absolute] [--expires-ms N]

import { parseArgs } from "node:util";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const { values: given } = parseArgs({
  options: {
    folder: { type: "string" },
    path: { type: "string", default: "/files" },
    absolute: { type: "boolean", default: false }, // Location with scheme and host, the library's default
    "expires-ms": { type: "string", default: "0" }, // age after which an upload is answered 410
  },
});

const server = new Server({
  path: given.path,
  datastore: new FileStore({ directory: given.folder, expirationPeriodInMilliseconds: Number(given["expires-ms"]) }),
  relativeLocation: !given.absolute,
});
const listener = server.listen({ host: "127.0.0.1", port: 0 }, () => {
  console.log(`http://127.0.0.1:${listener.address().port}${given.path}`);
});
