#!/usr/bin/env bash
# Runs the packaged bundles under their real runtimes; `npm run package` comes first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

node=$(realpath ../../node_modules/.bin/node)
installed=node_modules/.installed-lock.json

if ! cmp --silent package-lock.json "$installed"; then
  # The Lambda runtime client compiles an add-on. The pinned Node's package carries the headers, so none are downloaded.
  npm_config_nodedir=$(dirname "$(dirname "$node")") npm ci
  cp package-lock.json "$installed"
fi

./install-rie.sh

exec "$node" --test '*.check.ts'
