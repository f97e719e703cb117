"""What keystonemiddleware makes of access rules: reads a list of paths and patterns as JSON, prints whether each matches."""

import json
import sys

from keystonemiddleware.auth_token import _path_matches

print(json.dumps([_path_matches(path, pattern) is not None for path, pattern in json.load(sys.stdin)]))
