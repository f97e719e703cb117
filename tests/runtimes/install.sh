#!/usr/bin/env bash
# The runtimes in their locked versions. What is there is kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

installed=node_modules/.installed-lock.json
if cmp --silent package-lock.json "$installed"; then exit 0; fi

# The Lambda runtime client compiles an add-on. The pinned Node's package carries the headers, so none are downloaded.
node=$(realpath ../../node_modules/.bin/node)
npm_config_nodedir=$(dirname "$(dirname "$node")") npm ci --no-audit --no-fund
cp package-lock.json "$installed"
