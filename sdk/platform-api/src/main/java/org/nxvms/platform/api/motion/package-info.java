// SPDX-License-Identifier: Apache-2.0
/**
 * What counts as motion of a camera's pictures.
 *
 * <p>Does: the facts, and the port through which they are stored. Does not: find motion. Start reading at {@link
 * org.nxvms.platform.api.motion.MotionMask}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.motion;
