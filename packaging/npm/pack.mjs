#!/usr/bin/env node
// packaging/npm/pack.mjs OUT TARGET=BINARY...: writes the npm packages of this version into the folder
// OUT: `pgwh`, which contains a launcher, and one package for each binary, of which npm installs only
// that of the user's platform. No package has an install script.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const cargo = readFileSync(join(root, "Cargo.toml"), "utf8");
const field = (name) => cargo.match(new RegExp(`^${name} = "(.*)"$`, "m"))[1];
const { platforms } = JSON.parse(readFileSync(join(here, "platforms.json"), "utf8"));

const [out, ...binaries] = process.argv.slice(2);
if (!out || binaries.length === 0) {
  console.error("usage: packaging/npm/pack.mjs OUT TARGET=BINARY...");
  process.exit(2);
}

const common = {
  version: field("version"),
  license: field("license"),
  homepage: field("homepage"),
  repository: { type: "git", url: `git+${field("repository")}.git` },
};

function write(name, manifest, files) {
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name, ...common, ...manifest }, null, 2)}\n`);
  for (const [from, to, mode] of [...files, ["LICENSE-MIT", "LICENSE-MIT"], ["LICENSE-APACHE", "LICENSE-APACHE"]]) {
    const path = join(folder, to);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(join(root, from), path);
    chmodSync(path, mode ?? 0o644);
  }
}

const given = new Map(binaries.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]));
for (const target of given.keys()) {
  if (!platforms.some((platform) => platform.target === target)) {
    console.error(`unknown target ${target}: add it to platforms.json`);
    process.exit(2);
  }
}
for (const { name, target, os, cpu, binary } of platforms.filter((platform) => given.has(platform.target))) {
  const path = given.get(target);
  write(
    name,
    {
      description: `The binary of pgwh for ${os} on ${cpu}`,
      os: [os],
      cpu: [cpu],
      files: [binary],
      preferUnplugged: true,
    },
    [["packaging/README.md", "README.md"]],
  );
  copyFileSync(path, join(out, name, binary));
  chmodSync(join(out, name, binary), 0o755);
}

write(
  "pgwh",
  {
    description: field("description"),
    keywords: ["webhook", "perfectgym", "cli", "testing", "signature"],
    bin: { pgwh: "bin/pgwh.js" },
    files: ["bin", "platforms.json"],
    engines: { node: ">=18" },
    // All platforms, also when only some were packed: npm leaves out what it cannot install.
    optionalDependencies: Object.fromEntries(platforms.map(({ name }) => [name, common.version])),
  },
  [
    ["packaging/README.md", "README.md"],
    ["packaging/npm/pgwh.js", "bin/pgwh.js", 0o755],
    ["packaging/npm/platforms.json", "platforms.json"],
  ],
);
