// SPDX-License-Identifier: Apache-2.0
/**
 * What is said becomes events: numbered, states begun and ended, handed to who listens.
 *
 * <p>Does: queues and tables in memory, all bounded. Does not: disk, database, HTTP. Start reading at {@link
 * org.nxvms.events.core.States}.
 */
package org.nxvms.events.core;
