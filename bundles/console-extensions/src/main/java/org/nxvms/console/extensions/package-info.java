// SPDX-License-Identifier: Apache-2.0
/**
 * Console extensions: what other bundles bring for the web console (ADR 135, docs/console-extensions.md).
 *
 * <p>Does: notices bundles that bring one, holds it against the rules, lists it for whom it is, serves its files. Does not:
 * run any of it, which browsers do, nor know what it shows. Start reading at {@link
 * org.nxvms.console.extensions.ExtensionTracker}.
 */
package org.nxvms.console.extensions;
