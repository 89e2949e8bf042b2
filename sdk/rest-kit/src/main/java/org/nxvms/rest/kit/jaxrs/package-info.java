// SPDX-License-Identifier: Apache-2.0
/**
 * What every REST application of the house shares.
 *
 * <p>Does: credentials, rights, JSON bodies, problems, headers. Does not: have endpoints. Start reading
 * at {@link org.nxvms.rest.kit.jaxrs.RestApplication}.
 */
package org.nxvms.rest.kit.jaxrs;
