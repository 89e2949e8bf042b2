// SPDX-License-Identifier: Apache-2.0
/**
 * Does: volumes in folders of local or mounted file systems: identity, space, append-only files, fsync. Does not: know
 * what is in a file or how long it is kept. Start reading at {@link org.nxvms.storage.file.FileVolume}.
 */
package org.nxvms.storage.file;
