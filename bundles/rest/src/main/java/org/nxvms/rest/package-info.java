// SPDX-License-Identifier: Apache-2.0
/**
 * What belongs to no single capability of REST: the OpenAPI document of the whole server, and the pace of request bodies.
 *
 * <p>Does: merges the documents that running bundles carry under {@code OSGI-INF/openapi}, adds what holds
 * for every operation (credentials, problem answers), serves the result; breaks off bodies that trickle. Does not: know
 * any capability.
 * Start reading at {@link org.nxvms.rest.OpenApiDocument}.
 */
package org.nxvms.rest;
