#!/usr/bin/env bash
# What the deployment checks run: an emulated AWS, and the parsers of what is deployed. Each in its pinned version; what is there is kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Debian 12's is too old for the parsers. Where Go's own installer puts it, it may be missing from the PATH of a plain shell.
export PATH=$PATH:/usr/local/go/bin
command -v go >/dev/null || { echo 'install-deploy-checks: Go 1.25 or later is not on the PATH' >&2; exit 1; }

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
missing=()
for name in setpriv unshare; do
  command -v "$name" >/dev/null || missing+=(util-linux)
done
# Debian's own Python: `venv` may lack its installer.
/usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

tools=.cache/deploy-tools
requirements=tests/deploy/requirements.txt
if ! cmp --silent "$requirements" "$tools/installed.txt"; then
  /usr/bin/python3 -m venv --clear "$tools"
  # The list is complete: what it does not name is not installed.
  "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements"
  "$tools/bin/pip" check --quiet --disable-pip-version-check
  cp "$requirements" "$tools/installed.txt"
fi

# Node 20.15, which FunctionGraph has.
scripts/install-system-packages.sh
tests/runtimes/install.sh

# HashiCorp's own parsers of Terraform's language.
export GOBIN=$PWD/$tools/bin
[ -x "$GOBIN/hclfmt" ] || go install github.com/hashicorp/hcl/v2/cmd/hclfmt@v2.25.0
[ -x "$GOBIN/terraform-config-inspect" ] ||
  go install github.com/hashicorp/terraform-config-inspect@v0.0.0-20260904064934-75d64de68c31

# Puts the manifests of Kubernetes together, as `kubectl -k` does.
[ -x "$GOBIN/kustomize" ] || go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2

# Knative's own description of its services. The description of a trigger stands in tests/deploy: its module is in no registry.
crd=$tools/knative-service.yaml
if [ ! -s "$crd" ]; then
  module=$(go mod download -json knative.dev/serving@v0.51.0 | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  cp "$module/config/core/300-resources/service.yaml" "$crd"
  chmod u+w "$crd"
fi

# What the huaweicloud provider's resources take, from the bindings that are generated from the provider. Read, never run.
bindings=$tools/pulumi_huaweicloud
if [ ! -d "$bindings" ]; then
  archive=$(mktemp -d)
  "$tools/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$archive" \
    --require-hashes --requirement tests/deploy/provider-bindings.txt
  tar -xzf "$archive"/*.tar.gz -C "$archive" --strip-components 1
  mv "$archive/pulumi_huaweicloud" "$bindings"
  rm -r "$archive"
fi
