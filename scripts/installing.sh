# The install scripts read this. It keeps what is there and installs what is missing, in its pinned version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Debian packages; `program:package` for one that is needed only where the program is missing.
debian_packages() {
  local item missing=() as_root=()
  for item in "$@"; do
    if [[ $item == *:* ]]; then
      command -v "${item%%:*}" >/dev/null || missing+=("${item#*:}")
    elif [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$item" 2>/dev/null)" != installed ]; then
      missing+=("$item")
    fi
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# FOLDER FILE …: what a folder was made from stands in it, so that it is made again when that changes.
is_made() { cat "${@:2}" | cmp --silent - "$1/made-from.txt"; }
mark_made() { cat "${@:2}" >"$1/made-from.txt"; }

# FOLDER REQUIREMENTS: a Python environment. The requirements are complete: what they do not name is not installed.
python_environment() {
  local python pip=("$1/bin/pip" --quiet --disable-pip-version-check)
  if is_made "$1" "$2"; then return; fi
  python=$(command -v /usr/bin/python3 || command -v python3 || true)
  # Debian's own Python may lack the installer of its environments.
  if ! "${python:-false}" -c 'import ensurepip, venv' 2>/dev/null; then
    debian_packages python3 python3-venv
    python=/usr/bin/python3
  fi
  mkdir -p "$(dirname "$1")"
  "$python" -m venv --clear "$1"
  "${pip[@]}" install --no-deps --requirement "$2"
  "${pip[@]}" check
  mark_made "$1" "$2"
}

# FOLDER: the packages of its lock file.
node_packages() {
  if is_made "$1/node_modules" "$1/package-lock.json"; then return; fi
  npm ci --prefix "$1" --no-audit --no-fund
  mark_made "$1/node_modules" "$1/package-lock.json"
}
