// SPDX-License-Identifier: Apache-2.0
/**
 * Takes footage away in packages that prove what they are.
 *
 * <p>Does: jobs that make packages, {@code /api/v1/exports}, their bytes, verification. Does not: write or remove footage,
 * decode it, or know the archive's files beyond fragmented MP4. Start reading at {@link org.nxvms.export.job.Exports} for
 * jobs and {@link org.nxvms.export.pack.StoredZip} for packages.
 */
package org.nxvms.export;
