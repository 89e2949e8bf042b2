// SPDX-License-Identifier: Apache-2.0
/**
 * {@code /api/v1/events}: pages, single events, raising one, and the stream.
 *
 * <p>Does: HTTP and rights. Does not: know how events are kept. Start reading at {@link
 * org.nxvms.events.rest.EventsResource}; the stream at {@link org.nxvms.events.rest.StreamServlet}.
 */
package org.nxvms.events.rest;
