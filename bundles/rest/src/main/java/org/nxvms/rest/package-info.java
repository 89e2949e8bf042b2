// SPDX-License-Identifier: Apache-2.0
/**
 * The OpenAPI document of the whole server.
 *
 * <p>Does: merges the documents that running bundles carry under {@code OSGI-INF/openapi}, adds what holds
 * for every operation (credentials, problem answers), serves the result. Does not: know any capability.
 * Start reading at {@link org.nxvms.rest.OpenApiDocument}.
 */
package org.nxvms.rest;
