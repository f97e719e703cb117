#!/usr/bin/env bash
# What the benchmarks measure with and compare with, on Debian, in pinned versions. What is there is kept.
# `install-bench.sh quick`: without the peers, which only the full run asks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing=()
for pair in wrk:wrk taskset:util-linux; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

lock=bench/package-lock.json
modules=bench/node_modules
if ! cmp --silent "$lock" "$modules/.installed-lock.json"; then
  npm ci --prefix bench --no-audit --no-fund
  cp "$lock" "$modules/.installed-lock.json"
fi

tests/runtimes/install.sh

if [ "${1:-}" = quick ]; then exit 0; fi

scripts/install-moto.sh

requirements=bench/requirements.txt
environment=.cache/bench/bao-venv
if ! cmp --silent "$requirements" "$environment/installed.txt"; then
  mkdir -p .cache/bench
  /usr/bin/python3 -m venv --clear "$environment"
  # The list is complete: what it does not name is not installed.
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements"
  cp "$requirements" "$environment/installed.txt"
fi
