// SPDX-License-Identifier: Apache-2.0
/**
 * Keeping events: written behind in batches, spooled on disk while the database is away, removed when old.
 *
 * <p>Does: one thread between the bus and the store. Does not: decide what an event is. Start reading at {@link
 * org.nxvms.events.keep.StoreWriter}.
 */
package org.nxvms.events.keep;
