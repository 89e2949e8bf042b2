// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures and sound for players and other systems: an RTSP server (RFC 2326) at {@code rtsp://host:8554/live/{cameraId}[/sub]},
 * footage at {@code /archive/{cameraId}?from=}, over TLS at the same port.
 *
 * <p>Does: let in whoever has an API key, cut access units into RTP, send them over TCP or UDP, let slow viewers jump, end
 * whoever may not any more. Does not: transcode, hold up a camera or a recorder, take in streams. Start reading at {@link
 * org.nxvms.live.rtsp.RtspDoor}, then {@link org.nxvms.live.rtsp.Dialogue}.
 *
 * <p>Each connection has a thread that reads, each that plays one more that sends: who is slow holds up nobody else, and TLS
 * is the JDK's sockets.
 */
package org.nxvms.live.rtsp;
