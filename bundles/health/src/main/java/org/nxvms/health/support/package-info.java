// SPDX-License-Identifier: Apache-2.0
/**
 * The support bundle: one ZIP with what somebody needs who helps, without secrets.
 *
 * <p>Does: collect by lists of what may be told, write within bounds, one at a time. Does not: decide who may have it, which the
 * resource and the shell do. Start reading at {@link org.nxvms.health.support.SupportBundle}.
 */
package org.nxvms.health.support;
