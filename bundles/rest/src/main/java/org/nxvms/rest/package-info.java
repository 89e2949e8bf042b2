// SPDX-License-Identifier: Apache-2.0
/**
 * What belongs to no single capability of REST: the OpenAPI document of the whole server; what holds for
 * every request ({@code door}); what nobody answers ({@code nowhere}); the certificate ({@code tls}).
 *
 * <p>Does: merges the documents that running bundles carry under {@code OSGI-INF/openapi}, adds what holds
 * for every operation (credentials, problem answers), serves the result. Does not: know any capability.
 * Start reading at {@link org.nxvms.rest.OpenApiDocument}.
 */
package org.nxvms.rest;
