// SPDX-License-Identifier: Apache-2.0
/**
 * Live streams for players of others: LL-HLS and DASH below {@code /media/v1/live/{cameraId}/}.
 *
 * <p>Does: package a stream once for all its viewers while there are any, let players wait for what comes next without a thread.
 * Does not: decode, transcode, hold up a camera or a recorder. Start reading at {@link org.nxvms.live.hls.Feed}.
 */
package org.nxvms.live.hls;
