// SPDX-License-Identifier: Apache-2.0
/**
 * Does: chunk files on volumes, their sealing, repair, hashes and retention; the gap ledger; rows for the index. Does
 * not: decide what is recorded, mux, or speak to players. Start reading at {@link org.nxvms.archive.ChunkArchive}.
 */
package org.nxvms.archive;
