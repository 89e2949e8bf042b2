// SPDX-License-Identifier: Apache-2.0
/**
 * Stand-ins for the services around the camera registry, which note what they are asked.
 *
 * <p>Does: behave as the contracts say, in memory. Does not: open sockets or files. Start reading at
 * {@link org.nxvms.cameras.fake.FakeIngest}.
 */
package org.nxvms.cameras.fake;
