#!/usr/bin/env bash
# What the runtime checks compile with. `npm ci` and `npm test` need none of it.
source "$(dirname "${BASH_SOURCE[0]}")/installing.sh"

debian_packages cmake:cmake g++:g++ make:make python3:python3 tar:tar xz:xz-utils
