// SPDX-License-Identifier: Apache-2.0
/**
 * Jobs that make packages.
 *
 * <p>Does: keep jobs over restarts, make one package after the other at a pace that recording does not notice, remove what
 * has expired. Does not: ask who may. Start reading at {@link org.nxvms.export.job.Exports}, then PackageRun.
 */
package org.nxvms.export.job;
