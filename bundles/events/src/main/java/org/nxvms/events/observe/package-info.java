// SPDX-License-Identifier: Apache-2.0
/**
 * Looks at the server's services once a second and says what changed: streams, gaps, volumes, cameras, drivers.
 *
 * <p>Does: read what services say of themselves, from memory. Does not: touch the media path; nothing here runs per access
 * unit. Start reading at {@link org.nxvms.events.observe.Watch}.
 */
package org.nxvms.events.observe;
