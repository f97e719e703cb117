#!/usr/bin/env bash
# The judges of `npm run test:statistics`, on Debian. What is there is kept. Where systemd runs, rng-tools5 starts its daemon rngd, which feeds
# the kernel from hardware and does no harm; `systemctl disable --now rngd` ends it.
set -euo pipefail

missing=()
for pair in rngtest:rng-tools5 ent:ent dieharder:dieharder; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
