# shellcheck shell=bash
# Sourced by the other scripts: what Cargo.toml says. Works with the tools of every system's shell.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

field() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$root/Cargo.toml" | head -1; }

version=$(field version)
repository=$(field repository)
export version repository
