#!/usr/bin/env bash
# Prometheus with its promtool, and prlimit, from Debian. What is there is kept.
set -euo pipefail

missing=()
for pair in prometheus:prometheus promtool:prometheus prlimit:util-linux; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
