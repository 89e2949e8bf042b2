// SPDX-License-Identifier: Apache-2.0
/**
 * What happens at the container, for the audit.
 *
 * <p>Does: notes who typed which command of the container, and which features and bundles came, changed or went, by the shell
 * or by files. Does not: refuse anything, note what the installer of plugins and the {@code nxvms:} commands note themselves.
 * Start reading at {@link org.nxvms.shell.trail.ShellTrail}.
 */
package org.nxvms.shell.trail;
