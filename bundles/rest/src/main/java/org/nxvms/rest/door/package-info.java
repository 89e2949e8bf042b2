// SPDX-License-Identifier: Apache-2.0
/**
 * What holds for every request and every answer, before any servlet sees it.
 *
 * <p>Does: limits how often and how slowly callers may ask, sets the headers browsers go by, lets pages of named other
 * servers in, answers certificate authorities. Does not: know who is calling. Start reading at {@link
 * org.nxvms.rest.door.FrontDoor}.
 */
package org.nxvms.rest.door;
