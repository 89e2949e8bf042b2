// SPDX-License-Identifier: Apache-2.0
/**
 * Fetching streams from cameras into the stream hub.
 *
 * <p>Does: the service that every ingest engine offers, by URI scheme. Does not: know cameras,
 * schedules or drivers. Start reading at {@link org.nxvms.platform.api.ingest.StreamIngest}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.nxvms.platform.api.ingest;
