// SPDX-License-Identifier: Apache-2.0
/**
 * REST for signing in and for users.
 *
 * <p>Does: translate between HTTP and this bundle. Does not: hold state. Start reading at {@link
 * org.nxvms.security.web.AuthResource}.
 */
package org.nxvms.security.web;
