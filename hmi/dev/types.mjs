// Writes src/api/schema.d.ts from openapi.json; with --check it only compares and fails when they differ.
import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const source = new URL("../openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const header = "// Generated from openapi.json by `npm run types`. Do not edit.\n\n";
const wanted = header + astToString(await openapi(source, { defaultNonNullable: true }));

if (process.argv.includes("--check")) {
  const present = await readFile(target, "utf8").catch(() => "");
  if (present !== wanted) {
    console.error("src/api/schema.d.ts differs from openapi.json: run `npm run types` and commit the result.");
    process.exit(1);
  }
} else {
  await writeFile(target, wanted);
}
