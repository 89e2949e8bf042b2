// SPDX-License-Identifier: Apache-2.0
/**
 * What happens to cameras, streams, volumes, drivers and the server: one typed event, who publishes it, who hears it,
 * where it is kept.
 *
 * <p>Does: the facts, the vocabulary of kinds, the services around them. Does not: queues, files, HTTP (bundle {@code
 * events}). Start reading at {@link org.nxvms.platform.api.event.EventPublisher}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.event;
