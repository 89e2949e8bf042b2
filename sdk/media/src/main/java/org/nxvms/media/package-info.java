// SPDX-License-Identifier: Apache-2.0
/**
 * Contracts of the data plane.
 *
 * <p>Does: names streams, codecs and gap causes; defines the ring that carries access units from one
 * writer to many readers. Does not: open sockets, touch disks, know cameras or users. Start reading
 * at {@link org.nxvms.media.StreamHub}.
 *
 * <p>Units: {@code ...Us} are microseconds since 1970-01-01T00:00:00Z (UTC, leap seconds smeared as
 * the host's clock does), {@code timestamp} counts ticks of {@link
 * org.nxvms.media.TrackFormat#clockRate()}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.nxvms.media;
