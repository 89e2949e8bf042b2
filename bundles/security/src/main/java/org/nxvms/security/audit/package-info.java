// SPDX-License-Identifier: Apache-2.0
/**
 * The audit trail.
 *
 * <p>Does: chain notes, store them, verify the chain. Does not: HTTP, decide what is noted. Start reading at {@link
 * org.nxvms.security.audit.ChainedTrail}.
 */
package org.nxvms.security.audit;
