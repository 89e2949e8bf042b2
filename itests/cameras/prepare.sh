#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the clips gst_camera.py plays, from the film of a street that Debian's opencv-doc brings along.
# Usage: prepare.sh FOLDER [SECONDS]      a clip that is newer than this script is kept
set -eu

folder=${1:?usage: prepare.sh FOLDER [SECONDS]}
seconds=${2:-180}
once=15
# A tone that climbs for seven seconds: no stretch of it sounds like another one soon, so that a shift can be measured.
sound='aevalsrc=0.3*sin(2*PI*(300*mod(t\,7)+193*mod(t\,7)*mod(t\,7))):s=48000'
film=/usr/share/doc/opencv-doc/examples/data/vtest.avi

case $seconds in *[!0-9]* | '') echo "prepare.sh: SECONDS is '$seconds', a whole number is wanted" >&2; exit 2 ;; esac
command -v ffmpeg > /dev/null || { echo "prepare.sh: ffmpeg is missing: apt-get install ffmpeg" >&2; exit 1; }
[ -e "$film" ] || { echo "prepare.sh: $film is missing: apt-get install opencv-doc" >&2; exit 1; }
mkdir -p "$folder"

# make NAME MUXER SIZE VIDEO-OPTIONS AUDIO-OPTIONS
# The film is encoded once, which is what takes its time, then repeated without encoding; a clip appears whole or not at all.
make() {
    clip=$folder/$1-${seconds}s.$2
    [ "$clip" -nt "$0" ] && return
    echo "preparing $clip"
    # Options are lists of words on purpose.
    # shellcheck disable=SC2086
    ffmpeg -nostdin -loglevel error -y -i "$film" -f lavfi -i "$sound" -t $once \
        -vf "scale=$3" -pix_fmt yuv420p $4 $5 -f "$2" "$clip.once"
    ffmpeg -nostdin -loglevel error -y -stream_loop -1 -i "$clip.once" -t "$seconds" -c copy -f "$2" "$clip.tmp"
    rm "$clip.once"
    mv "$clip.tmp" "$clip"
}

make h264-aac mp4 1920:1080,fps=25 \
    "-c:v libx264 -preset veryfast -profile:v high -bf 0 -g 50 -b:v 4M -maxrate 4M -bufsize 4M" "-c:a aac -ac 1"
make h264-bframes-pcmu mov 1280:720,fps=25 \
    "-c:v libx264 -preset veryfast -profile:v high -bf 3 -g 50 -b:v 2M" "-c:a pcm_mulaw -ar 8000 -ac 1"
make h265-aac mp4 1280:720,fps=25 \
    "-c:v libx265 -preset ultrafast -tag:v hvc1 -b:v 1M -x265-params bframes=0:keyint=50:log-level=error" "-c:a aac -ac 1"
make h264-pcm mov 640:360,fps=25 \
    "-c:v libx264 -preset veryfast -profile:v high -bf 0 -g 50 -b:v 500k" "-c:a pcm_s16le -ac 1"
# Motion JPEG over RTP leaves the Huffman tables out, so they must be those of the standard.
make mjpeg-pcm mov 640:360:out_range=full,fps=10 \
    "-c:v mjpeg -huffman default -q:v 4 -pix_fmt yuvj420p" "-c:a pcm_s16le -ac 1"
