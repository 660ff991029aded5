#!/usr/bin/env node
// Runs the binary of this platform, from the package that npm installed beside this one.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { platforms } = require("../platforms.json");

const platform = platforms.find(({ os, cpu }) => os === process.platform && cpu === process.arch);
let binary;
try {
  binary = platform && require.resolve(`${platform.name}/${platform.binary}`);
} catch {
  // Installed without optional dependencies, or copied from another platform.
}
if (!binary) {
  console.error(`error: pgwh has no binary here for ${process.platform} on ${process.arch}`);
  console.error(
    platform
      ? `help: npm install ${platform.name}, or install pgwh without --omit=optional`
      : "help: cargo install pgwh builds one",
  );
  process.exit(2);
}

const child = spawn(binary, process.argv.slice(2), { stdio: "inherit" });
// Ctrl-C reaches the binary by itself, which ends when it is done; other signals are passed on.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`error: cannot run ${binary}: ${error.message}`);
  process.exit(2);
});
child.on("exit", (code, signal) => {
  process.exit(signal ? 128 + constants.signals[signal] : code);
});
