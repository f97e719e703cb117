#!/usr/bin/env bash
# What the deployment checks run: an emulated AWS, and the parsers of what is deployed.
source "$(dirname "${BASH_SOURCE[0]}")/installing.sh"

# Debian 12's is too old for the parsers. Where Go's own installer puts it, it may be missing from the PATH of a plain shell.
export PATH=$PATH:/usr/local/go/bin
command -v go >/dev/null || { echo 'install-deploy-checks: Go 1.25 or later is not on the PATH' >&2; exit 1; }

debian_packages setpriv:util-linux unshare:util-linux
tools=.cache/deploy-tools
python_environment "$tools" tests/deploy/requirements.txt

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
