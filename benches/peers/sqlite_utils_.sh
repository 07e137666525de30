#!/bin/sh
# sqlite-utils: insert, then a table for each dimension.
set -eu
rm -f "$2"
sqlite-utils insert "$2" figures "$1" --csv --silent
for column in metric period province place; do
    sqlite-utils extract "$2" figures "$column" --table "${column}s" --fk-column "${column}_id"
done
sqlite-utils extract "$2" figures initiative theme --table initiatives --fk-column initiative_id
sqlite-utils create-index "$2" figures metric_id period_id
for column in period province place initiative; do
    sqlite-utils create-index "$2" figures "${column}_id"
done
