// Fails the build when the panel grows over its limit: it has to be there at once, on a small machine.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** What is loaded before the first screen, and everything there is. */
const FIRST_KB = 100;
const ALL_KB = 150; // a third of it are the texts of three languages and two kinds of device
/** Chunks that are loaded when they are looked at. */
const LATER = /^(trends|service|settings|instructor|inside|door|voice|pure)-/;

const folder = new URL("../dist/assets/", import.meta.url);
const sizes = readdirSync(folder)
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, kb: gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000 }));
const sum = (list) => list.reduce((total, s) => total + s.kb, 0);
const first = sum(sizes.filter((s) => !LATER.test(s.name)));
const all = sum(sizes);
for (const s of sizes) console.log(`${s.kb.toFixed(1).padStart(7)} kB gzip  ${s.name}`);
console.log(`${first.toFixed(1).padStart(7)} kB gzip  before the first screen; limit ${FIRST_KB}`);
console.log(`${all.toFixed(1).padStart(7)} kB gzip  all scripts; limit ${ALL_KB}`);
if (first > FIRST_KB || all > ALL_KB) {
  console.error("The panel's scripts have grown over their limit: see what grew, load it later or leave it out.");
  process.exit(1);
}
