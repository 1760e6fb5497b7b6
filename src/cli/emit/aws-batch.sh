#!/usr/bin/env bash
# @COMMAND@
# in @SHARDS@ shards on AWS Batch: an array job, and a job for the merge.
#
#   bash FILE          all shards
#   bash FILE merge    the merge, when they have ended; one that lists shards: submit all again, they do what is missing
#   ROUND=2 bash FILE  with --precision: round 2, as the merge asks for it
set -euo pipefail

queue=scaleup                                # EDIT: a job queue
image=example.org/scaleup:@VERSION@               # EDIT: the image
role=arn:aws:iam::123456789012:role/batch    # EDIT: an execution role
files=fs-0123456789abcdef0                   # EDIT: an EFS file system for results; mounted as /results
store=                                       # EDIT: or a place in S3, such as s3://bucket/study; with the image of
                                             #       Dockerfile.store, which copies results from and to it
job_role=$role                               # EDIT: with a store, the role that may read and write it
limit=3600                                   # EDIT: seconds for each try of a shard
cpus=1 memory=1024                           # EDIT: for each shard

if [ -n "$store" ]; then
    results='"jobRoleArn": "'"$job_role"'", "environment": [{"name": "STORE", "value": "'"$store"'"}]'
else
    results='"volumes": [{"name": "results", "efsVolumeConfiguration": {"fileSystemId": "'"$files"'"}}],
      "mountPoints": [{"sourceVolume": "results", "containerPath": "/results"}]'
fi
definition=$(aws batch register-job-definition --job-definition-name scaleup --type container \
    --platform-capabilities FARGATE --query jobDefinitionArn --output text --container-properties '{
      "image": "'"$image"'", "executionRoleArn": "'"$role"'",
      "resourceRequirements": [{"type": "VCPU", "value": "'"$cpus"'"}, {"type": "MEMORY", "value": "'"$memory"'"}],
      '"$results"'}')
submit() { # the name of a job, its command as a JSON list, further options
    aws batch submit-job --job-queue "$queue" --job-definition "$definition" --job-name "$1" \
        --timeout attemptDurationSeconds="$limit" --container-overrides '{"command": '"$2"'}' "${@:3}"
}
if [ "${1:-}" = merge ]; then
    # Not as a dependency: that would fail with any shard, and say nothing of the others.
    submit scaleup-merge '[@ARGS_SHELL@, "--shards", "@SHARDS@", "--merge", "--out", "/results"]'
else
    # The number of shards comes with AWS_BATCH_JOB_ARRAY_SIZE too, and must be the same.
    submit scaleup '[@ARGS_SHELL@, "--shards", "@SHARDS@", "--shard", "auto", @ROUND_SHELL@"--out", "/results"]' \
        --array-properties size=@SHARDS@ --retry-strategy attempts=3
fi
