// SPDX-License-Identifier: Apache-2.0
/**
 * Filling by REST: {@code /api/v1/gap-fills}.
 *
 * <p>Does: rights, audit, shapes on the wire. Does not: fill. Start reading at {@link org.nxvms.gapfill.rest.GapFillsResource}.
 */
package org.nxvms.gapfill.rest;
