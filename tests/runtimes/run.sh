#!/usr/bin/env bash
# Runs the packaged bundles under their real runtimes; `npm run package` comes first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

./install.sh
./install-rie.sh

exec ../../node_modules/.bin/node --test '*.check.ts'
