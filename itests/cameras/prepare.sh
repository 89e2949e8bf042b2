#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the clips gst_camera.py plays, from the film of a street that Debian's opencv-doc brings along.
# Usage: prepare.sh FOLDER [SECONDS]      a clip that is already there is kept
set -eu

folder=${1:?usage: prepare.sh FOLDER [SECONDS]}
seconds=${2:-180}
once=30
film=/usr/share/doc/opencv-doc/examples/data/vtest.avi

case $seconds in *[!0-9]* | '') echo "prepare.sh: SECONDS is '$seconds', a whole number is wanted" >&2; exit 2 ;; esac
command -v ffmpeg > /dev/null || { echo "prepare.sh: ffmpeg is missing: apt-get install ffmpeg" >&2; exit 1; }
[ -e "$film" ] || { echo "prepare.sh: $film is missing: apt-get install opencv-doc" >&2; exit 1; }
mkdir -p "$folder"

# make NAME MUXER SIZE VIDEO-OPTIONS AUDIO-OPTIONS
# The film is encoded once, then repeated without encoding; a clip appears whole or not at all.
make() {
    clip=$folder/$1-${seconds}s.$2
    [ -e "$clip" ] && return
    echo "preparing $clip"
    # Options are lists of words on purpose.
    # shellcheck disable=SC2086
    ffmpeg -nostdin -loglevel error -y -i "$film" -f lavfi -i "sine=440:sample_rate=48000" -t $once \
        -vf "scale=$3,fps=25" -pix_fmt yuv420p $4 $5 -f "$2" "$clip.once"
    ffmpeg -nostdin -loglevel error -y -stream_loop -1 -i "$clip.once" -t "$seconds" -c copy -f "$2" "$clip.tmp"
    rm "$clip.once"
    mv "$clip.tmp" "$clip"
}

make h264-aac mp4 1920:1080 \
    "-c:v libx264 -preset veryfast -profile:v high -bf 0 -g 50 -b:v 4M -maxrate 4M -bufsize 4M" "-c:a aac -ac 1"
make h264-bframes-pcmu mov 1280:720 \
    "-c:v libx264 -preset veryfast -profile:v high -bf 3 -g 50 -b:v 2M" "-c:a pcm_mulaw -ar 8000 -ac 1"
make h265-aac mp4 1280:720 \
    "-c:v libx265 -preset ultrafast -tag:v hvc1 -b:v 1M -x265-params bframes=0:keyint=50:log-level=error" "-c:a aac -ac 1"
