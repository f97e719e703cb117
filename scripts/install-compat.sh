#!/usr/bin/env bash
# What the compatibility checks run against, on Debian: Keystone, and the clients in their pinned versions. What is there is kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The library package: the package `keystone` would bring a system user, a database and a service that starts.
packages=(gunicorn python3-keystone python3-venv)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

requirements=tests/compat/requirements.txt
environment=.cache/compat-venv
if ! cmp --silent "$requirements" "$environment/installed.txt"; then
  /usr/bin/python3 -m venv --clear "$environment"
  # The list is complete: what it does not name is not installed.
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements"
  "$environment/bin/pip" check --quiet --disable-pip-version-check
  cp "$requirements" "$environment/installed.txt"
fi

lock=tests/compat/package-lock.json
modules=tests/compat/node_modules
if ! cmp --silent "$lock" "$modules/.installed-lock.json"; then
  npm ci --prefix tests/compat --no-audit --no-fund
  cp "$lock" "$modules/.installed-lock.json"
fi
