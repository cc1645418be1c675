// Fails the build when the panel grows over its limit: it has to be there at once, on a small machine.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 100;
const folder = new URL("../dist/assets/", import.meta.url);
const sizes = readdirSync(folder)
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, kb: gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000 }));
const whole = sizes.reduce((sum, s) => sum + s.kb, 0);
for (const s of sizes) console.log(`${s.kb.toFixed(1).padStart(7)} kB gzip  ${s.name}`);
console.log(`${whole.toFixed(1).padStart(7)} kB gzip  all scripts; limit ${LIMIT_KB}`);
if (whole > LIMIT_KB) {
  console.error(`The panel's scripts are larger than ${LIMIT_KB} kB gzip: see what grew, load it later or leave it out.`);
  process.exit(1);
}
