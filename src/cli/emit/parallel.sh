#!/usr/bin/env bash
# @COMMAND@
# in @SHARDS@ shards with GNU parallel, on this machine or over ssh, and then the merge.
#
#   bash FILE            all shards; those that fail are tried three times
#   bash FILE '3 7'      shards 3 and 7 again, as the merge lists them
#   ROUND=2 bash FILE    with --precision: round 2, as the merge asks for it
set -euo pipefail
shards=${1:-$(seq 0 @LAST@)}

scaleup=scaleup             # EDIT: the program, on all machines
folder=@FOLDER@  # EDIT: results; with several machines, a folder that all of them see
limit=3600                  # EDIT: seconds for each shard
options=()                  # EDIT: such as --sshloginfile machines.txt --workdir . --jobs 8

command="$scaleup @REST@ --shards @SHARDS@ --out $(printf %q "$folder")"
# Numbers are given, since PARALLEL_SEQ counts anew where only some shards are done again. What is done is kept at
# SIGTERM, within 30 seconds.
printf '%s\n' $shards | parallel --retries 3 --timeout "$limit" --termseq TERM,30000,KILL,25 "${options[@]}" \
    "$command --shard {}/@SHARDS@@ROUND@ --threads 1" || true # the merge says what is missing
eval "$command --merge"
