// SPDX-License-Identifier: Apache-2.0
/**
 * REST for console extensions.
 *
 * <p>Does: list what is shown to whom, and what is not and why. Does not: hold state. Start reading at {@link
 * org.nxvms.console.extensions.rest.ExtensionsResource}.
 */
package org.nxvms.console.extensions.rest;
