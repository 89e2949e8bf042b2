// SPDX-License-Identifier: Apache-2.0
/**
 * The picture and sound every simulated camera sends.
 *
 * <p>Does: draw a moving scene with a burnt-in clock and a machine-readable frame number, encode it once, keep it in a
 * data folder, read a frame number back out of any decoded picture. Does not: know RTP, RTSP or a network. Start
 * reading at {@link org.nxvms.simulator.clip.ClipStore}.
 */
package org.nxvms.simulator.clip;
