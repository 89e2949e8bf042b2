// SPDX-License-Identifier: Apache-2.0
/**
 * Neighbours of the events bundle for its tests.
 *
 * <p>Does: keep to the contracts in memory. Does not: database, web. Start reading at {@link org.nxvms.events.fake.MemoryStore}.
 */
package org.nxvms.events.fake;
