// SPDX-License-Identifier: Apache-2.0
/**
 * The REST applications of footage: timeline, archive, motion, storage, locks; one each, so that each base path is its own.
 *
 * <p>Does: parameters, rights, JSON. Does not: look into files or merge spans itself. Start reading at {@link
 * org.nxvms.playback.rest.ArchiveResource}.
 */
package org.nxvms.playback.rest;
