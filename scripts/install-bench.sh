#!/usr/bin/env bash
# What the benchmarks measure with. `install-bench.sh quick`: without the peers, which only the full run needs.
source "$(dirname "${BASH_SOURCE[0]}")/installing.sh"

debian_packages wrk:wrk taskset:util-linux
node_packages bench
tests/runtimes/install.sh

if [ "${1:-}" = quick ]; then exit 0; fi
scripts/install-moto.sh
python_environment .cache/bench/bao-venv bench/requirements.txt
