// SPDX-License-Identifier: Apache-2.0
/**
 * For the build only: makes OpenAPI documents of REST resources say what travels.
 *
 * <p>Does: mark fields that are always there, give texts an example. Does not: travel with a bundle. Start reading at
 * {@link org.nxvms.rest.kit.openapi.HouseTypes}.
 */
package org.nxvms.rest.kit.openapi;
