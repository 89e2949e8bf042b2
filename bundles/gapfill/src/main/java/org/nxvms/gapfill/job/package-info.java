// SPDX-License-Identifier: Apache-2.0
/**
 * Which time is filled, when, and how far it is.
 *
 * <p>Does: jobs on one thread of the lowest priority, by hand and by rule; asks the camera for its clock and its recordings.
 * Does not: take pictures apart (see {@code footage}). Start reading at {@link org.nxvms.gapfill.job.Filling}.
 */
package org.nxvms.gapfill.job;
