#!/usr/bin/env bash
# The judges of `npm run test:statistics`, on Debian. What is there is kept.
set -euo pipefail

missing=()
for pair in rngtest:rng-tools5 ent:ent dieharder:dieharder; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
"${as_root[@]}" apt-get update -qq
# A daemon that feeds the kernel comes with one of them: it is to be installed and not to run.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}"
