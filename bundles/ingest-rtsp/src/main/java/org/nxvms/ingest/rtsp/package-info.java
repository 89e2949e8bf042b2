// SPDX-License-Identifier: Apache-2.0
/**
 * Does: fetch every wished RTSP stream with one selector thread and write its access units into the stream hub. Does not:
 * know cameras or drivers, touch a disk, decode. Start reading at {@link org.nxvms.ingest.rtsp.RtspIngest}, then
 * {@link org.nxvms.ingest.rtsp.StreamKeeper} and {@link org.nxvms.ingest.rtsp.RtspDialogue}.
 */
package org.nxvms.ingest.rtsp;
