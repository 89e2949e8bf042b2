// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.nio.ByteBuffer;

/**
 * One coded picture.
 *
 * @param timeUs microseconds since 1970: of the archive the server's time, of a camera's recording the camera's
 * @param durationUs until the next one, as the file tells it
 * @param key whether decoding can start there
 * @param data NAL units, each with its length in four bytes; position to limit
 */
public record Picture(long timeUs, long durationUs, boolean key, ByteBuffer data) {}
