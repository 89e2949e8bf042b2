// SPDX-License-Identifier: Apache-2.0
/**
 * Does: RTSP 1.0 messages (RFC 2326) as cameras speak it, interleaved framing, URLs, Digest and Basic credentials. Does
 * not: own sockets or sessions. Start reading at {@link org.nxvms.media.kit.rtsp.RtspFramer}.
 */
package org.nxvms.media.kit.rtsp;
