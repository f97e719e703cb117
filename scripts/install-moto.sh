#!/usr/bin/env bash
# The AWS emulator that the KMS checks run against, in its pinned version. What is there is kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=$(command -v /usr/bin/python3 || command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv
  python=/usr/bin/python3
fi

requirements=tests/entropy/aws-kms/requirements.txt
environment=.cache/moto-venv
if ! cmp --silent "$requirements" "$environment/installed.txt"; then
  "$python" -m venv --clear "$environment"
  # The list is complete: what it does not name is not installed.
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements"
  "$environment/bin/pip" check --quiet --disable-pip-version-check
  cp "$requirements" "$environment/installed.txt"
fi
