// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.nio.ByteBuffer;

/**
 * One frame of sound of a camera's recording.
 *
 * @param timeUs microseconds since 1970, by the camera's clock
 * @param data position to limit
 */
public record Sound(long timeUs, ByteBuffer data) {}
