#!/usr/bin/env bash
# Build courses on a Slurm cluster:  sbatch slurm.sh ~/courses/*
#
# The home folder and the store are on disks that all machines share. narrate is installed in
# ~/narrate with the extra cluster. Make the secret once, and keep it:
#
#     (umask 077; openssl rand -hex 32 > ~/narrate-store-secret)
#
#SBATCH --job-name=lectures
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=16
#SBATCH --mem-per-cpu=3G
#SBATCH --exclusive
#SBATCH --time=08:00:00
# With GPUs, and the extra gpu: add --gpus-per-node=1 to the lines above.
set -euo pipefail

export PATH="$HOME/narrate/bin:$PATH"
export NARRATE_STORE_SECRET_FILE="$HOME/narrate-store-secret"
export NARRATE_STORE_CACHE="${TMPDIR:-/tmp}/narrate-cache-$SLURM_JOB_ID"  # on each machine's disk
store="${STORE:-file://$HOME/narrate-store}"
mkdir -p "$HOME/narrate-store"

# Others on the network cannot use this job's cluster: they lack its token.
RAY_AUTH_TOKEN=$(openssl rand -hex 32)
export RAY_AUTH_TOKEN RAY_AUTH_MODE=token
export RAY_SYMMETRIC_RUN_CLUSTER_WAIT_TIMEOUT=300  # seconds for all machines to come

# Every machine starts Ray, and the first one builds. When it ends, so do the others.
head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
address=$(srun --nodes=1 --ntasks=1 --nodelist="$head" hostname --ip-address | cut -d ' ' -f 1)
exec srun ray symmetric-run --address "$address:6379" --min-nodes "$SLURM_JOB_NUM_NODES" \
  --num-cpus "$SLURM_CPUS_PER_TASK" -- \
  narrate build "$@" --runner ray --address auto --store "$store" --log json
