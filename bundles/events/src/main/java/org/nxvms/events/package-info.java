// SPDX-License-Identifier: Apache-2.0
/**
 * Events: takes what is said, hands it to who listens, keeps it.
 *
 * <p>Does: the bus with its services, the observers of the server, REST and the stream of events. Does not: alarms, rules,
 * notifications; those subscribe. Start reading at {@link org.nxvms.events.EventBus}; docs/design/events.md has the
 * invariants.
 */
package org.nxvms.events;
