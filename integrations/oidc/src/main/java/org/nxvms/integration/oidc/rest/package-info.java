// SPDX-License-Identifier: Apache-2.0
/**
 * Where browsers begin and come back, and where providers say who has gone. Does: HTTP. Does not: decide what is true of a
 * token. Start reading at OidcResource.
 */
package org.nxvms.integration.oidc.rest;
