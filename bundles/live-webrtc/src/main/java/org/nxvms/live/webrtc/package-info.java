// SPDX-License-Identifier: Apache-2.0
/**
 * Live pictures for browsers by WebRTC: WHEP at {@code /api/v1/live/{cameraId}/whep}, then SRTP over one UDP port.
 *
 * <p>Does: answer offers, cut each access unit into packets once per stream, encrypt them for each viewer, send again what was
 * lost, begin with the newest key frame. Does not: decode, transcode, estimate bandwidth, hold up a camera or a recorder. Start
 * reading at {@link org.nxvms.live.webrtc.Reception}, then {@link org.nxvms.live.webrtc.Pump}.
 */
package org.nxvms.live.webrtc;
