// SPDX-License-Identifier: Apache-2.0
/**
 * One Jackson mapper for all that travels.
 *
 * <p>Does: naming, instants, optionals, enums, limits, and what is wrong with a body as a problem. Does
 * not: HTTP. Start reading at {@link org.nxvms.rest.kit.json.Json}.
 */
package org.nxvms.rest.kit.json;
