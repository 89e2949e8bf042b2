// SPDX-License-Identifier: Apache-2.0
/**
 * The second factor.
 *
 * <p>Does: one-time codes (RFC 6238) and recovery codes, their enrolment and use. Does not: passwords, sessions. Start
 * reading at {@link org.nxvms.security.factor.SecondFactors}.
 */
package org.nxvms.security.factor;
