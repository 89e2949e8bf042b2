// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.spi;

/**
 * Sizes of a volume in bytes.
 *
 * @param totalBytes capacity of the medium
 * @param usableBytes what can still be written, by anybody
 * @param reserveBytes kept free by configuration; footage is written only while {@code usableBytes}
 *     stays above it
 */
public record VolumeSpace(long totalBytes, long usableBytes, long reserveBytes) {}
