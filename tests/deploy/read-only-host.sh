#!/bin/sh
# read-only-host.sh FOLDER COMMAND…: runs a command as a container host does: as user 1003 without any right more, in FOLDER, on a file
# system where nothing can be written. FUNCTIONGRAPH_NODE, if given, is put where FunctionGraph has its Node.
set -eu
if [ "${INSIDE:-}" = '' ]; then
  INSIDE=yes exec unshare --mount --propagation private -- /bin/sh "$0" "$@"
fi
unset INSIDE
if [ "${FUNCTIONGRAPH_NODE:-}" != '' ]; then
  runtime=/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin
  mount -t tmpfs tmpfs /opt
  mkdir -p "$runtime"
  cp "$FUNCTIONGRAPH_NODE" "$runtime/node"
  chmod 755 "$runtime/node"
  unset FUNCTIONGRAPH_NODE
fi
cd "$1"
shift
# All that is mounted, but what the kernel shows of itself.
while read -r _ _ _ _ point rest; do
  case $point in /proc* | /sys* | /dev*) ;; *) mount -o remount,bind,ro "$point" 2>/dev/null || mount -o bind,ro "$point" "$point" ;; esac
done </proc/self/mountinfo
exec setpriv --reuid 1003 --regid 1003 --clear-groups --no-new-privs --bounding-set=-all -- "$@"
