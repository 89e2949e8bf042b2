// SPDX-License-Identifier: Apache-2.0
/**
 * Problems as RFC 9457 has them, and checks of what callers send.
 *
 * <p>Does: problem types, field errors, times, paging, ETags. Does not: know HTTP libraries. Start
 * reading at {@link org.nxvms.rest.kit.problem.Problem}.
 */
package org.nxvms.rest.kit.problem;
