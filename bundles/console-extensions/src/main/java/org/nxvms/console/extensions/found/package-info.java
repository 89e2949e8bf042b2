// SPDX-License-Identifier: Apache-2.0
/**
 * What a bundle brings for the console, and which of several is shown.
 *
 * <p>Does: read it, hold it against the rules, choose. Does not: watch bundles, talk to browsers. Start reading at {@link
 * org.nxvms.console.extensions.found.Shelf}.
 */
package org.nxvms.console.extensions.found;
