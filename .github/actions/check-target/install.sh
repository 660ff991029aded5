#!/usr/bin/env bash
# Puts the pgwh of this action's own version on the path: the binary of its release, if its checksum is
# right, else one built with Cargo from the action's source. A pgwh that is on the path already is used.
set -euo pipefail

if command -v pgwh; then exit 0; fi

source_folder=$(cd "$(dirname "$0")/../../.." && pwd)
field() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$source_folder/Cargo.toml" | head -1; }
version=$(field version)
releases=${PGWH_RELEASES:-$(field repository)/releases/download}

extension=tar.gz
case ${RUNNER_OS:-}-${RUNNER_ARCH:-} in
    # The static ones run on every Linux, Alpine's containers too.
    Linux-X64) target=x86_64-unknown-linux-musl ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    Windows-*) target=x86_64-pc-windows-msvc extension=zip ;;
    *) target= ;;
esac

build() {
    echo "building pgwh $version with Cargo: $1"
    cargo install --locked --path "$source_folder" --root "$folder"
    echo "$folder/bin" >> "$GITHUB_PATH"
    exit 0
}

folder=${RUNNER_TEMP:?}/pgwh-$version
mkdir -p "$folder"
cd "$folder"
[ -n "$target" ] || build "there is no binary for this system"
name=pgwh-v$version-$target
for file in SHA256SUMS "$name.$extension"; do
    curl --fail --silent --show-error --location --retry 3 --output "$file" "$releases/v$version/$file" ||
        build "$releases/v$version/$file cannot be downloaded"
done

grep " [ *]\?$name.$extension\$" SHA256SUMS > expected ||
    { echo "::error::SHA256SUMS does not list $name.$extension"; exit 1; }
checksum=(sha256sum)
command -v sha256sum > /dev/null || checksum=(shasum -a 256)
"${checksum[@]}" -c expected ||
    { echo "::error::$name.$extension does not have the checksum of the release"; exit 1; }

case $extension in
    zip) unzip -q -o "$name.zip" ;;
    *) tar -xzf "$name.tar.gz" ;;
esac
echo "$folder/$name" >> "$GITHUB_PATH"
