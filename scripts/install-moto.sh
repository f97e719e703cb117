#!/usr/bin/env bash
# The AWS emulator that the KMS checks run against.
source "$(dirname "${BASH_SOURCE[0]}")/installing.sh"

python_environment .cache/moto-venv tests/entropy/aws-kms/requirements.txt
