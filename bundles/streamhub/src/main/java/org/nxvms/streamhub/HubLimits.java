// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

/**
 * How much memory rings may take.
 *
 * @param totalBytesMax all rings of all streams
 * @param streamBytesMax all rings of one stream; what a camera sends cannot take more
 * @param stallSecondsMax seconds of a stream that are kept for a recorder that cannot write
 */
record HubLimits(long totalBytesMax, long streamBytesMax, int stallSecondsMax) {}
