// SPDX-License-Identifier: Apache-2.0
/**
 * Commands of the Karaf shell, scope {@code nxvms}.
 *
 * <p>Does: reads options, calls the platform's services, prints tables, fails with a sentence and a
 * non-zero status. Does not: hold state or rules of its own. Start reading at {@link
 * org.nxvms.shell.ServerCommand}.
 */
package org.nxvms.shell;
