#!/usr/bin/env bash
# What `npm run test:statistics` runs. With systemd, rng-tools5 starts its daemon rngd, which feeds the kernel from hardware
# and does no harm; `systemctl disable --now rngd` ends it.
source "$(dirname "${BASH_SOURCE[0]}")/installing.sh"

debian_packages rngtest:rng-tools5 ent:ent dieharder:dieharder taskset:util-linux
