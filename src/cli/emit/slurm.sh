#!/usr/bin/env bash
# @COMMAND@
# in @SHARDS@ shards on Slurm: an array job, and after it the merge.
#
#   bash FILE         all shards, then the merge
#   bash FILE 3,7     shards 3 and 7 again, as the merge lists them; Slurm itself retries only after node failures
#   bash FILE 0-@LAST@ 2  with --precision: round 2, as the merge asks for it
set -euo pipefail
array=${1:-0-@LAST@} round=${2:-1}

scaleup=scaleup             # EDIT: the program, for all nodes
folder=@FOLDER@  # EDIT: results; a folder that all nodes see
limit=60                    # EDIT: minutes for each shard; one that needs more goes on when it is submitted again
cores=1                     # EDIT: cores for each shard
memory=1G                   # EDIT: memory for each shard
options=()                  # EDIT: such as --partition=short --account=me

command="exec $scaleup @REST@ --shards @SHARDS@ --out $(printf %q "$folder")"
mkdir -p "$folder"
shards=$(sbatch --parsable --job-name=scaleup --array="$array" --time="$limit" --requeue --cpus-per-task="$cores" \
    --mem="$memory" --output="$folder/shard-%a.log" "${options[@]}" \
    --wrap "$command --shard auto@ROUND@ --threads $cores")
# afterany: also after shards that failed, so that it can say which; afterok would wait forever.
merge=$(sbatch --parsable --job-name=scaleup-merge --dependency="afterany:${shards%%;*}" --cpus-per-task="$cores" \
    --output="$folder/merge.log" "${options[@]}" --wrap "$command --merge")
echo "shards: job ${shards%%;*}, merge: job ${merge%%;*}; when they are done, see $folder/merge.log"
