#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Unpacks the libraries of another processor into a folder: `sysroot.sh arm64 aarch64-linux-gnu FOLDER`. The machine's
# own packages and their lists stay as they are, so it needs no root.
set -euo pipefail
architecture=$1 triple=$2 folder=$(realpath -m "$3")
[ -f "$folder/complete" ] && exit
mkdir -p "$folder/lists/partial" "$folder/packages/partial"
options=(-o "APT::Architecture=$architecture" -o "APT::Architectures::=$architecture" -o "Dir::State::lists=$folder/lists"
         -o Dir::State::status=/dev/null -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
apt-get "${options[@]}" update -qq || true  # one list may be missing; what it costs shows in the next step
(cd "$folder/packages" &&
  apt-get "${options[@]}" download -qq libsodium23 libsodium-dev zlib1g zlib1g-dev libcmocka0 libcmocka-dev)
for package in "$folder"/packages/*.deb; do dpkg -x "$package" "$folder"; done
# Some packages put a library into /lib, others the link to it into /usr/lib.
cp -a "$folder/lib/$triple/." "$folder/usr/lib/$triple/"
ln -sf libz.so.1 "$folder/usr/lib/$triple/libz.so"
rm -rf "$folder/lists" "$folder/packages"
touch "$folder/complete"
