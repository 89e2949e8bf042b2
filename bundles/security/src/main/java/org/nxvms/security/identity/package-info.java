// SPDX-License-Identifier: Apache-2.0
/**
 * The data folder and who this server is.
 *
 * <p>Does: paths, files written so that a power cut leaves the old or the new content, and what was last known of the
 * database. Does not: know users. Start reading at {@link
 * org.nxvms.security.identity.FileServerIdentity}.
 */
package org.nxvms.security.identity;
