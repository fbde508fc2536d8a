#!/usr/bin/env bash
# The command line of the local stack: ./stream-manager.sh --help
set -euo pipefail

# Follow symbolic links to the project folder (macOS has no `readlink -f` before 12.3).
self=${BASH_SOURCE[0]}
while [ -L "$self" ]; do
  folder=$(cd -P "$(dirname "$self")" && pwd)
  self=$(readlink "$self")
  case $self in /*) ;; *) self=$folder/$self ;; esac
done
root=$(cd -P "$(dirname "$self")" && pwd)

if ! command -v node >/dev/null 2>&1; then
  echo 'Node is missing: install Node 20.15 or newer (https://nodejs.org).' >&2
  exit 1
fi

# npm writes this file last: without it the packages are absent, or an installation was cut short.
if [ ! -f "$root/node_modules/.package-lock.json" ]; then
  # Told before npm fails for it; later bin/stream-manager.mjs checks it, without another process.
  version=$(node -p 'process.versions.node')
  IFS=. read -r major minor _ <<<"$version"
  if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 15 ]; }; then
    echo "Node $version is too old: install Node 20.15 or newer (https://nodejs.org)." >&2
    exit 1
  fi
  echo 'Installing the npm packages, once ...' >&2
  if ! (cd "$root" && npm ci --no-audit --no-fund --loglevel=error >&2); then
    echo 'npm ci failed; its message is above.' >&2
    exit 1
  fi
fi

exec node "$root/bin/stream-manager.mjs" "$@"
