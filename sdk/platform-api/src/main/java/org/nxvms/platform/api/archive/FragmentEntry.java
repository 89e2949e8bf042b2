// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

/**
 * One fragment ({@code moof} and {@code mdat}) of a segment.
 *
 * @param offset byte offset of the moof in the file
 * @param length bytes of moof and mdat
 * @param startUs wall time of the access unit that lies first in it: of a picture, or of sound where pictures are rare
 * @param durationUs its duration
 * @param key whether it begins with a key frame
 * @param accessUnits video access units in it
 */
public record FragmentEntry(long offset, int length, long startUs, long durationUs, boolean key, int accessUnits) {}
