// SPDX-License-Identifier: Apache-2.0
/**
 * The packed server as a process, and REST as a client program speaks it.
 *
 * <p>Does: what tests and benchmarks of the whole server share. Does not: assert. Start reading at
 * {@link org.nxvms.itests.harness.PackedServer}.
 */
package org.nxvms.itests.harness;
