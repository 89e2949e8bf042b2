// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures of the archive and of a camera's recording, and where the one belongs beside the other.
 *
 * <p>Does: read both, compare pictures, write runs. Does not: talk to the camera, know of jobs. Start reading at {@link
 * org.nxvms.gapfill.footage.PastWriter}.
 */
package org.nxvms.gapfill.footage;
