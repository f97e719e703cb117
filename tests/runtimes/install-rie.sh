#!/usr/bin/env bash
# AWS's Runtime Interface Emulator, out of the AWS package that ships it; its Go module is not to be had from the module proxy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

folder=../../.cache/rie
if cmp --silent rie-requirements.txt "$folder/installed.txt"; then exit 0; fi

if ! python3 -m pip --version >/dev/null 2>&1; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-pip
fi
case $(uname -m) in
  aarch64) binary=aws-lambda-rie-arm64 ;;
  *) binary=aws-lambda-rie-x86_64 ;;
esac
mkdir -p "$folder"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
  --requirement rie-requirements.txt --dest "$folder"
python3 - "$folder" "$binary" <<'PYTHON'
import pathlib, sys, zipfile

folder, binary = pathlib.Path(sys.argv[1]), sys.argv[2]
(wheel,) = folder.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    (folder / "aws-lambda-rie").write_bytes(archive.read(f"samcli/local/rapid/{binary}"))
wheel.unlink()
PYTHON
chmod +x "$folder/aws-lambda-rie"
cp rie-requirements.txt "$folder/installed.txt"
