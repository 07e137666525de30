#!/bin/sh
# csvs-to-sqlite: a table for each dimension, indexes with it.
set -eu
rm -f "$2"
csvs-to-sqlite "$1" "$2" -t figures -c metric -c period -c province -c place -c initiative -c theme > /dev/null
