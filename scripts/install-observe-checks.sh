#!/usr/bin/env bash
# Prometheus with its promtool, and prlimit.
source "$(dirname "${BASH_SOURCE[0]}")/installing.sh"

debian_packages prometheus:prometheus promtool:prometheus prlimit:util-linux
