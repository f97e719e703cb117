#!/usr/bin/env bash
# What the runtime checks compile with, on Debian. `npm ci` and `npm test` need none of it.
set -euo pipefail

missing=()
for pair in cmake:cmake g++:g++ make:make python3:python3 tar:tar xz:xz-utils; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
