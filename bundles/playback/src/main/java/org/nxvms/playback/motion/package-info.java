// SPDX-License-Identifier: Apache-2.0
/**
 * Where something moves in recorded pictures, and when.
 *
 * <p>Does: compare key frames that follow each other, cell by cell, when somebody asks; search ranges for motion in parts of the
 * picture; keep in memory what was found out. Does not: decode, which the media worker's process does, watch live pictures, nor
 * know HTTP. Start reading at {@link org.nxvms.playback.motion.MotionDesk}.
 */
package org.nxvms.playback.motion;
