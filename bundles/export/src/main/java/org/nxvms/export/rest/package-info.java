// SPDX-License-Identifier: Apache-2.0
/**
 * {@code /api/v1/exports}.
 *
 * <p>Does: take orders, tell how far they are, verify packages that are sent back. Does not: send packages. Start reading at
 * {@link org.nxvms.export.rest.ExportsResource}.
 */
package org.nxvms.export.rest;
