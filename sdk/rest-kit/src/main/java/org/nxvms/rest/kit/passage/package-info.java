// SPDX-License-Identifier: Apache-2.0
/**
 * Servlets that come and go while they are asked.
 *
 * <p>Does: lets a servlet go when nobody is on the way to it, and says "come again" meanwhile (ADR 137). Does not: know what
 * it serves. Start reading at {@link org.nxvms.rest.kit.passage.PassageContext}.
 */
package org.nxvms.rest.kit.passage;
