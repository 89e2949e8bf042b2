// SPDX-License-Identifier: Apache-2.0
/**
 * A clip cut into RTP packets once, for all cameras and all loops.
 *
 * <p>Does: packetize H.264 (RFC 6184), AAC (RFC 3640) and G.711 (RFC 3551), describe them in SDP. Does not: send. It
 * shares no code with the product's own depacketizer, so that a mistake in one shows in the other. Start reading at
 * {@link org.nxvms.simulator.rtp.PacketTrack}.
 */
package org.nxvms.simulator.rtp;
