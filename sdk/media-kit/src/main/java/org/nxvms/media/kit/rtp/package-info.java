// SPDX-License-Identifier: Apache-2.0
/**
 * Does: read RTP and RTCP in place and turn RTP payloads into access units, without allocation. Does not: own sockets,
 * memory or clocks. Start reading at {@link org.nxvms.media.kit.rtp.H264Depacketizer}.
 */
package org.nxvms.media.kit.rtp;
