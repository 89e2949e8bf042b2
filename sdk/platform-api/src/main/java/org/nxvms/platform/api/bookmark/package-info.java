// SPDX-License-Identifier: Apache-2.0
/**
 * Bookmarks: moments and stretches of footage to which somebody gave a name.
 *
 * <p>Does: the facts, and the port through which they are stored and searched. Does not: rights, which whoever shows them
 * asks for. Start reading at {@link org.nxvms.platform.api.bookmark.Bookmark}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.bookmark;
