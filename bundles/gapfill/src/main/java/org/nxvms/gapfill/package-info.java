// SPDX-License-Identifier: Apache-2.0
/**
 * What a camera recorded itself while nobody received it, put where the archive has a gap.
 *
 * <p>Does: find what is missing, fetch it from the camera at a bounded pace, find its place by pictures that both have, write
 * it. Does not: decide what may be put there (the archive does), speak to cameras (drivers do). Start reading at {@link
 * org.nxvms.gapfill.job.Filling}.
 */
package org.nxvms.gapfill;
