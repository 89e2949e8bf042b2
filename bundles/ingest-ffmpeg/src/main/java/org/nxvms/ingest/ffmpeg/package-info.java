// SPDX-License-Identifier: Apache-2.0
/**
 * Does: fetch every wished stream that is no RTSP through the media worker, check what arrives, and write its access units into the
 * stream hub without re-encoding. Does not: load FFmpeg, own processes, know cameras or drivers. Start reading at
 * {@link org.nxvms.ingest.ffmpeg.FfmpegIngest}, then {@link org.nxvms.ingest.ffmpeg.StreamKeeper} and
 * {@link org.nxvms.ingest.ffmpeg.HubFeed}.
 */
package org.nxvms.ingest.ffmpeg;
